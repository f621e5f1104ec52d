import { LABEL } from '../../src/podman/labels.ts';
import {
  endByItself,
  endContainer,
  removeContainer,
  removePod,
  startInfra,
  stopContainer,
  stopPod,
  withContainer,
  withPod,
} from './lifecycle.ts';
import {
  isUp,
  membersOf,
  put,
  without,
  type ModelContainer,
  type ModelPod,
  type ModelState,
  type ModelVolume,
} from './state.ts';

/**
 * Something that happens to what podpose has made, and not by podpose. `nth` says to which of the things that it
 * can happen to; nothing happens where there is none.
 */
export type WorldEvent =
  | { readonly kind: 'ends'; readonly nth: number; readonly exitCode: number }
  | {
      readonly kind: 'is killed' | 'is stopped' | 'is paused' | 'is removed';
      readonly nth: number;
    }
  /** `astray`, or the name of another container of its pod. */
  | { readonly kind: 'is renamed'; readonly nth: number; readonly to: string }
  | {
      readonly kind:
        | 'pod is stopped'
        | 'pod is paused'
        | 'pod is removed'
        | 'infra container is killed'
        | 'infra container is restarted';
      readonly nth: number;
    }
  | { readonly kind: 'volume is removed'; readonly nth: number }
  | { readonly kind: 'tag is moved'; readonly nth: number }
  | { readonly kind: 'machine shuts down' | 'power is cut' };

/** @param project whose things it happens to */
export function happen(state: ModelState, event: WorldEvent, project: string): ModelState {
  const later = { ...state, now: state.now + 60 };
  const containers = owned(later.containers, project);
  const pods = owned(later.pods, project);
  const toContainer = (change: (name: string, container: ModelContainer) => ModelState, nth: number) =>
    toNth(later, containers, nth, change);
  const toPod = (change: (name: string, pod: ModelPod) => ModelState, nth: number) =>
    toNth(later, pods, nth, change);
  switch (event.kind) {
    case 'ends':
      return toContainer((name) => endByItself(later, name, event.exitCode), event.nth);
    case 'is killed':
      return toContainer((name) => endContainer(later, name, 137), event.nth);
    case 'is stopped':
      return toContainer((name) => stopContainer(later, name).state, event.nth);
    case 'is paused':
      return toContainer((name, container) => pause(later, name, container), event.nth);
    case 'is removed':
      return toContainer((name) => removeContainer(later, name), event.nth);
    case 'is renamed':
      return toContainer(
        (name, { pod = '' }) =>
          renameTo(later, name, event.to === 'astray' ? event.to : `${pod}-${event.to}`),
        event.nth,
      );
    case 'pod is stopped':
      return toPod((name) => stopPod(later, name), event.nth);
    case 'pod is paused':
      return toPod((name) => pausePod(later, name), event.nth);
    case 'pod is removed':
      return toPod((name) => removePod(later, name), event.nth);
    case 'infra container is killed':
      return toPod((name, pod) => killInfra(later, name, pod), event.nth);
    case 'infra container is restarted':
      return toPod((name, pod) => startInfra(killInfra(later, name, pod), name), event.nth);
    case 'volume is removed':
      return toNth(later, owned(later.volumes, project), event.nth, (name) => removeVolume(later, name));
    case 'tag is moved':
      return toNth(later, Object.entries(later.images), event.nth, (name, id) => moveTag(later, name, id));
    case 'machine shuts down':
      return reboot(Object.keys(later.pods).reduce((after, name) => stopPod(after, name), later));
    case 'power is cut':
      return reboot(later);
  }
}

function owned<T extends { readonly labels: ModelVolume['labels'] }>(
  things: Readonly<Record<string, T>>,
  project: string,
): readonly (readonly [string, T])[] {
  return Object.entries(things)
    .filter(([, { labels }]) => labels[LABEL.project] === project)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function toNth<T>(
  state: ModelState,
  things: readonly (readonly [string, T])[],
  nth: number,
  change: (name: string, thing: T) => ModelState,
): ModelState {
  const found = things[nth % Math.max(things.length, 1)];
  return found === undefined ? state : change(...found);
}

function pause(state: ModelState, name: string, container: ModelContainer): ModelState {
  return container.state === 'running'
    ? withContainer(state, name, { ...container, state: 'paused' })
    : state;
}

/** The infra container is paused with the others. */
function pausePod(state: ModelState, name: string): ModelState {
  const paused = membersOf(state, name).reduce((after, member) => pause(after, ...member), state);
  const pod = paused.pods[name];
  return pod?.infra === 'running' ? withPod(paused, name, { ...pod, infra: 'paused' }) : paused;
}

function renameTo(state: ModelState, from: string, to: string): ModelState {
  const container = state.containers[from];
  const isTaken = state.containers[to] !== undefined || state.pods[to] !== undefined;
  return container === undefined || isTaken
    ? state
    : withContainer(removeContainer(state, from), to, container);
}

/** The containers go on: they hold the namespaces themselves. */
function killInfra(state: ModelState, name: string, pod: ModelPod): ModelState {
  return pod.infra === 'running' ? withPod(state, name, { ...pod, infra: 'exited' }) : state;
}

/** Only one that nobody uses, as podman has it. */
function removeVolume(state: ModelState, name: string): ModelState {
  const isUsed = Object.values(state.containers).some(
    ({ volumes, reachesInto }) => volumes.includes(name) || reachesInto.includes(name),
  );
  return isUsed ? state : { ...state, volumes: without(state.volumes, name) };
}

/** Somebody has built or pulled another image of that name. */
function moveTag(state: ModelState, name: string, id: string): ModelState {
  const moved = `${id}'`;
  return { ...state, images: put(state.images, name, moved), registry: put(state.registry, name, moved) };
}

/**
 * What podman finds after the machine was down. What ran has no exit code of its own then: podman shows 0, and no
 * time of its end. The oldest podman shows it as if it had never been started.
 */
export function reboot(state: ModelState): ModelState {
  const wasUp = state.release === 'oldest' ? ('configured' as const) : ('exited' as const);
  const before = (runState: ModelContainer['state']) =>
    runState === 'running' || runState === 'paused'
      ? wasUp
      : runState === 'created'
        ? 'configured'
        : runState;
  return {
    ...state,
    anchors: {},
    pods: mapValues(state.pods, (pod) => ({ ...pod, infra: before(pod.infra) })),
    containers: mapValues(state.containers, (container) => ({
      ...container,
      state: before(container.state),
      exitCode: isUp(container) ? 0 : container.exitCode,
    })),
    volumes: mapValues(state.volumes, ({ files, ...volume }) => ({
      ...volume,
      holds: 0,
      ...(volume.isTmpfs || files === undefined ? {} : { files }),
    })),
  };
}

function mapValues<T>(
  record: Readonly<Record<string, T>>,
  change: (value: T) => T,
): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
