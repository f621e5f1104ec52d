import type { DesiredPod } from '../pod/desired.ts';
import { LABEL } from '../podman/labels.ts';
import { containerName, replacementName } from '../podman/names.ts';
import type { ObservedContainer, ObservedState } from '../podman/observed.ts';

/** A container as podman has it. What it was updated to since it was made stands in its labels here. */
export interface FoundContainer extends ObservedContainer {
  /** podman's name of the note that says what it was updated to. */
  readonly note?: string;
}

/** The containers of one pod as podman has them, by their names in the pod. */
export interface FoundContainers {
  readonly byName: ReadonlyMap<string, FoundContainer>;
  /** Those that were to take the place of another when a run was cut short. */
  readonly replacements: ReadonlyMap<string, ObservedContainer>;
  /** Notes on containers that are not there any more, by podman's names. */
  readonly strayNotes: readonly string[];
}

/**
 * Sorts out what podman has of a pod. A container is known by its labels, and so under any name; where two
 * claim to be the same, the one with the right name is it, and the others are left over from something.
 */
export function findContainers(
  pod: Pick<DesiredPod, 'name'>,
  observed: Pick<ObservedState, 'containers'>,
): FoundContainers {
  const byName = new Map<string, FoundContainer>();
  const replacements = new Map<string, ObservedContainer>();
  const notes = new Map<string, ObservedContainer>();
  const own = observed.containers
    .filter(({ podName, owner }) => podName === pod.name && owner?.pod === pod.name)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const container of own) {
    const name = container.owner?.name;
    if (name === undefined) continue;
    if (container.owner?.role === 'note') notes.set(name, container);
    else if (container.name === replacementName(pod, { name })) replacements.set(name, container);
    else if (!byName.has(name) || container.name === containerName(pod, { name }))
      byName.set(name, container);
  }
  const strayNotes: string[] = [];
  for (const [name, note] of notes) {
    const container = byName.get(name);
    if (container === undefined) strayNotes.push(note.name);
    else byName.set(name, updated(container, note));
  }
  return { byName, replacements, strayNotes };
}

function updated(container: ObservedContainer, note: ObservedContainer): FoundContainer {
  const spec = note.labels[LABEL.spec];
  const labels = spec === undefined ? container.labels : { ...container.labels, [LABEL.spec]: spec };
  return { ...container, labels, note: note.name };
}
