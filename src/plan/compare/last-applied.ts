import type { Json } from '../../base/stable-json.ts';
import type { DesiredContainer } from '../../kube/spec/desired.ts';
import { containerSettings } from '../../kube/spec/settings.ts';
import { isTerminationMount } from '../../kube/spec/termination-message.ts';
import { decodeSpec, digestLongTexts } from '../../podman/labels.ts';
import type { Labels, ObservedContainer } from '../../podman/inspect/observed.ts';
import { differences, type Difference } from './difference.ts';

/**
 * The fields in which settings differ from those that something was made from, as its labels remember them.
 */
export function differencesFromLastApplied(labels: Labels, settings: Json): readonly Difference[] {
  const lastApplied = decodeSpec(labels);
  // Memories that cannot be read have been refused before anything was decided.
  return lastApplied.ok ? differences(lastApplied.value as Json, digestLongTexts(settings) as Json) : [];
}

export function containerDifferences(
  container: DesiredContainer,
  existing: ObservedContainer,
): readonly Difference[] {
  return differencesFromLastApplied(existing.labels, containerSettings(container));
}

/** What a mounted volume was made from: the source in the form that `containerSettings` gives it. */
export type LastAppliedSource = Readonly<Record<string, Json>>;

/** The volumes that a container mounts, by their names in the pod, as its labels remember them. */
export function mountedSources(labels: Labels): readonly (readonly [string, LastAppliedSource])[] {
  const lastApplied = decodeSpec(labels);
  const mounts = lastApplied.ok ? (lastApplied.value as LastAppliedContainer).volumeMounts : undefined;
  return (mounts ?? []).map(({ name, source }) => [name, source]);
}

/**
 * The sources of the volumes that a container is to mount, in the form in which its labels will remember
 * them.
 */
export function desiredSources(container: DesiredContainer): readonly LastAppliedSource[] {
  const { volumeMounts = [] } = digestLongTexts(containerSettings(container)) as LastAppliedContainer;
  return volumeMounts.map(({ source }) => source);
}

/** Whether a container mounts a part of a volume, and not all of it. */
export function mountsSubPath(labels: Labels): boolean {
  const lastApplied = decodeSpec(labels);
  const mounts = lastApplied.ok ? (lastApplied.value as LastAppliedContainer).volumeMounts : undefined;
  return (mounts ?? []).some((mount) => mount.subPath !== undefined && !isTerminationMount(mount));
}

interface LastAppliedContainer {
  readonly volumeMounts?: readonly {
    readonly name: string;
    readonly source: LastAppliedSource;
    readonly subPath?: string;
  }[];
}
