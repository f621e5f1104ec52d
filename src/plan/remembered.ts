import type { Json } from '../base/stable-json.ts';
import type { DesiredContainer } from '../pod/desired.ts';
import { containerSettings } from '../pod/settings.ts';
import { isTerminationMount } from '../pod/termination-message.ts';
import { decodeSpec, shorten } from '../podman/labels.ts';
import type { Labels, ObservedContainer } from '../podman/observed.ts';
import { differences, type Difference } from './difference.ts';

/** The fields in which settings differ from those that something was made from, as its labels remember them. */
export function differencesFromRemembered(labels: Labels, settings: Json): readonly Difference[] {
  const remembered = decodeSpec(labels);
  // Memories that cannot be read have been refused before anything was decided.
  return remembered.ok ? differences(remembered.value as Json, shorten(settings) as Json) : [];
}

export function containerDifferences(
  container: DesiredContainer,
  existing: ObservedContainer,
): readonly Difference[] {
  return differencesFromRemembered(existing.labels, containerSettings(container));
}

/** What a mounted volume was made from: the source in the form that `containerSettings` gives it. */
export type RememberedSource = Readonly<Record<string, Json>>;

/** The volumes that a container mounts, by their names in the pod, as its labels remember them. */
export function mountedSources(labels: Labels): readonly (readonly [string, RememberedSource])[] {
  const remembered = decodeSpec(labels);
  const mounts = remembered.ok ? (remembered.value as RememberedContainer).volumeMounts : undefined;
  return (mounts ?? []).map(({ name, source }) => [name, source]);
}

/** The sources of the volumes that a container is to mount, in the form in which its labels will remember them. */
export function desiredSources(container: DesiredContainer): readonly RememberedSource[] {
  const { volumeMounts = [] } = shorten(containerSettings(container)) as RememberedContainer;
  return volumeMounts.map(({ source }) => source);
}

/** Whether a container mounts a part of a volume, and not all of it. */
export function mountsSubPath(labels: Labels): boolean {
  const remembered = decodeSpec(labels);
  const mounts = remembered.ok ? (remembered.value as RememberedContainer).volumeMounts : undefined;
  return (mounts ?? []).some((mount) => mount.subPath !== undefined && !isTerminationMount(mount));
}

interface RememberedContainer {
  readonly volumeMounts?: readonly {
    readonly name: string;
    readonly source: RememberedSource;
    readonly subPath?: string;
  }[];
}
