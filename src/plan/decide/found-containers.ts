import { compareTexts } from '../../base/text.ts';
import type { DesiredPod } from '../../kube/spec/desired.ts';
import { LABEL } from '../../podman/labels.ts';
import { containerName, containerRecordName, replacementName } from '../../podman/names.ts';
import type { ObservedContainer, ObservedState } from '../../podman/inspect/observed.ts';

/** A container as podman has it. What it was updated to since it was made stands in its labels here. */
export interface FoundContainer extends ObservedContainer {
  /** podman's name of the note that says what it was updated to. */
  readonly note?: string;
  /** A run was cut short while it was updated, or was to be. */
  readonly isTainted?: boolean;
}

/** The containers of one pod as podman has them, by their names in the pod. */
export interface FoundContainers {
  readonly byName: ReadonlyMap<string, FoundContainer>;
  /** Those that were to take the place of another when a run was cut short. */
  readonly replacements: ReadonlyMap<string, ObservedContainer>;
  /**
   * What has no place any more, by podman's names: doubles, notes on what is gone, what bears the name of
   * another.
   */
  readonly leftovers: readonly string[];
}

/**
 * Sorts out what podman has of a pod. A container is known by its labels, and so under any name, but for one that
 * belongs to another container; where two claim to be the same, the one with the right name is it.
 */
export function findContainers(
  pod: DesiredPod,
  observed: Pick<ObservedState, 'containers'>,
): FoundContainers {
  const wanted = [...pod.initContainers, ...pod.containers];
  const reserved = new Map(
    wanted.flatMap((container) =>
      [containerName, replacementName, containerRecordName].map((nameOf) => [
        nameOf(pod, container),
        container.name,
      ]),
    ),
  );
  const byName = new Map<string, FoundContainer>();
  const replacements = new Map<string, ObservedContainer>();
  const notes: ObservedContainer[] = [];
  const leftovers: string[] = [];
  const own = observed.containers
    .filter(({ podName, owner }) => podName === pod.name && owner?.pod === pod.name)
    .sort((a, b) => compareTexts(a.name, b.name));
  for (const container of own) {
    const name = container.owner?.name;
    if (name === undefined) continue;
    const isWanted = wanted.some((other) => other.name === name);
    const other = byName.get(name);
    if (container.owner?.role === 'note') notes.push(container);
    else if (container.name === replacementName(pod, { name })) replacements.set(name, container);
    else if (isWanted && (reserved.get(container.name) ?? name) !== name) leftovers.push(container.name);
    else if (other === undefined || container.name === containerName(pod, { name })) {
      if (other !== undefined) leftovers.push(other.name);
      byName.set(name, container);
    } else leftovers.push(container.name);
  }
  for (const note of notes) {
    const name = note.owner?.name ?? '';
    const container = byName.get(name);
    if (container === undefined || note.labels[LABEL.recordOf] !== container.id) leftovers.push(note.name);
    else byName.set(name, updated(container, note));
  }
  return { byName, replacements, leftovers };
}

function updated(container: ObservedContainer, { name, labels }: ObservedContainer): FoundContainer {
  const spec = labels[LABEL.spec];
  return spec === undefined
    ? { ...container, note: name, isTainted: true }
    : { ...container, note: name, labels: { ...container.labels, [LABEL.spec]: spec } };
}

/**
 * podman does not stop what is paused. One that it stops already may wait for a process whose stop was
 * killed.
 */
export function canStop({ state }: ObservedContainer): boolean {
  return state === 'running' || state === 'stopping';
}

/** Whether something in a pod is paused. */
export function isPaused(
  pod: string,
  { pods, containers }: Pick<ObservedState, 'pods' | 'containers'>,
): boolean {
  return (
    pods.some(({ name, infra }) => name === pod && infra === 'paused') ||
    containers.some(({ podName, state }) => podName === pod && state === 'paused')
  );
}
