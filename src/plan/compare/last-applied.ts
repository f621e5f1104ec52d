import type { DesiredContainer } from '../../kube/spec/desired.ts';
import { containerSettings, type Settings } from '../../kube/spec/settings.ts';
import { isTerminationMount } from '../../kube/spec/termination-message.ts';
import { decodeSpec } from '../../podman/labels.ts';
import {
  asStored,
  lastAppliedContainer,
  mountsIn,
  type LastAppliedMount,
} from '../../podman/last-applied.ts';
import type { Labels, ObservedContainer } from '../../podman/inspect/observed.ts';
import { differences, type Difference } from './difference.ts';

/** The fields in which settings differ from those that something was made from, as its labels remember them. */
export function differencesFromLastApplied(labels: Labels, settings: Settings): readonly Difference[] {
  const lastApplied = decodeSpec(labels);
  // Memories that cannot be read have been refused before anything was decided.
  return lastApplied.ok ? differences(lastApplied.value, asStored(settings)) : [];
}

export function containerDifferences(
  container: DesiredContainer,
  existing: ObservedContainer,
): readonly Difference[] {
  return differencesFromLastApplied(existing.labels, containerSettings(container));
}

/** What a mounted volume was made from: the source in the form that `containerSettings` gives it. */
export type LastAppliedSource = LastAppliedMount['source'];

/** The volumes that a container mounts, by their names in the pod, as its labels remember them. */
export function mountedSources(labels: Labels): readonly (readonly [string, LastAppliedSource])[] {
  return mountsOf(labels).map(({ name, source }) => [name, source]);
}

/**
 * The sources of the volumes that a container is to mount, in the form in which its labels will remember
 * them.
 */
export function desiredSources(container: DesiredContainer): readonly LastAppliedSource[] {
  return mountsIn(asStored(containerSettings(container))).map(({ source }) => source);
}

/** Whether a container mounts a part of a volume, and not all of it. */
export function mountsSubPath(labels: Labels): boolean {
  return mountsOf(labels).some((mount) => mount.subPath !== undefined && !isTerminationMount(mount));
}

function mountsOf(labels: Labels): readonly LastAppliedMount[] {
  return lastAppliedContainer(labels)?.volumeMounts ?? [];
}
