import type { DesiredContainer } from '../../kube/spec/desired.ts';
import { containerSettings, type Settings } from '../../kube/spec/settings.ts';
import { isTerminationMount } from '../../kube/spec/termination-message.ts';
import { decodeSpec, isLabelledWatched } from '../../podman/labels.ts';
import {
  asStored,
  hasStored,
  lastAppliedContainer,
  mountsIn,
  type LastAppliedMount,
} from '../../podman/last-applied.ts';
import type { Labels, ObservedContainer } from '../../podman/inspect/observed.ts';
import { differences, type Difference } from './difference.ts';

/** Differences between the last-applied settings in labels and the desired settings. */
export function differencesFromLastApplied(labels: Labels, settings: Settings): readonly Difference[] {
  if (hasStored(labels, settings)) return [];
  const lastApplied = decodeSpec(labels);
  // Unreadable labels have been refused before.
  return lastApplied.ok ? differences(lastApplied.value, asStored(settings)) : [];
}

export function containerDifferences(
  container: DesiredContainer,
  existing: ObservedContainer,
): readonly Difference[] {
  return differencesFromLastApplied(existing.labels, containerSettings(comparable(container, existing)));
}

/**
 * Of containers that podman restarts, podpose 0.2 has recorded no deadline: no watcher keeps it, and they are not replaced
 * for it.
 */
function comparable(container: DesiredContainer, { labels }: ObservedContainer): DesiredContainer {
  const { activeDeadlineSeconds: deadline, ...rest } = container;
  const isCompared =
    deadline === undefined || container.restartPolicy === 'Never' || isLabelledWatched(labels);
  if (isCompared) return container;
  return lastAppliedContainer(labels)?.settings['activeDeadlineSeconds'] === undefined ? rest : container;
}

/** Last-applied source of a mounted volume, in the format of `containerSettings`. */
export type LastAppliedSource = LastAppliedMount['source'];

/** Last-applied volumes of a container: names in the pod, and sources. */
export function mountedSources(labels: Labels): readonly (readonly [string, LastAppliedSource])[] {
  return mountsOf(labels).map(({ name, source }) => [name, source]);
}

/** Desired sources of a container's volumes, in the format of the last-applied label. */
export function desiredSources(container: DesiredContainer): readonly LastAppliedSource[] {
  return mountsIn(asStored(containerSettings(container))).map(({ source }) => source);
}

/** Whether a container mounts a volume with subPath. */
export function mountsSubPath(labels: Labels): boolean {
  return mountsOf(labels).some((mount) => mount.subPath !== undefined && !isTerminationMount(mount));
}

function mountsOf(labels: Labels): readonly LastAppliedMount[] {
  return lastAppliedContainer(labels)?.volumeMounts ?? [];
}
