import { LABEL } from '../../src/podman/labels.ts';
import { mountCountOf } from './commands.ts';
import { membersOf, type ModelContainer, type ModelState, type Names } from './state.ts';

/** What a state comes to for a person: names, settings, and whether all is as it should be; no ids and no times. */
export interface Shape {
  readonly pods: Readonly<Record<string, Names>>;
  readonly initContainers: Readonly<Record<string, ContainerShape>>;
  readonly containers: Readonly<Record<string, ContainerShape>>;
  readonly volumes: Readonly<Record<string, VolumeShape>>;
}

interface ContainerShape {
  readonly labels: Names;
  readonly pod: string;
  readonly imageId: string;
  readonly is: string;
}

interface VolumeShape {
  readonly labels: Names;
  readonly isHeld: boolean;
  readonly isUsed: boolean;
}

export function shapeOf(state: ModelState, project: string): Shape {
  const isOurs = ({ labels }: { readonly labels: Names }) => labels[LABEL.project] === project;
  const containers = (isInit: boolean) =>
    shapes(
      state.containers,
      (container) => isOurs(container) && (container.labels[LABEL.role] === 'init') === isInit,
      (container) => ({
        labels: container.labels,
        pod: container.pod ?? '',
        imageId: container.imageId,
        is: condition(container),
      }),
    );
  return {
    pods: shapes(state.pods, isOurs, ({ labels }) => labels),
    initContainers: containers(true),
    containers: containers(false),
    volumes: shapes(
      state.volumes,
      // What podman makes by itself, as it finds no volume of that name, has no labels.
      (volume) => isOurs(volume) || Object.keys(volume.labels).length === 0,
      ({ labels }, name) => ({ labels, isHeld: isHeld(state, name), isUsed: isUsed(state, name) }),
    ),
  };
}

function shapes<T, S>(
  things: Readonly<Record<string, T>>,
  isOurs: (thing: T) => boolean,
  shape: (thing: T, name: string) => S,
): Readonly<Record<string, S>> {
  return Object.fromEntries(
    Object.entries(things)
      .filter(([, thing]) => isOurs(thing))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, thing]) => [name, shape(thing, name)]),
  );
}

function condition({ state, exitCode, exitedAt, startedAt, restartPolicy }: ModelContainer): string {
  const isDone = state === 'exited' && exitCode === 0 && exitedAt >= startedAt && restartPolicy !== 'always';
  return state === 'running' || isDone ? 'fine' : `${state} (${exitCode})`;
}

/** Whether what is in a volume stays when a container ends: all but a tmpfs is, and one that is mounted by hand. */
function isHeld(state: ModelState, name: string): boolean {
  const volume = state.volumes[name];
  const isIdle = membersOf(state, volume?.labels[LABEL.pod] ?? '').every(
    ([, container]) => container.state !== 'running',
  );
  return volume?.isTmpfs !== true || volume.holds > 0 || (isIdle && mountCountOf(state, name) === 0);
}

function isUsed({ containers }: ModelState, name: string): boolean {
  return Object.values(containers).some(
    ({ volumes, reachesInto }) => volumes.includes(name) || reachesInto.includes(name),
  );
}
