import { LABEL } from '../../src/podman/labels.ts';
import {
  isUp,
  membersOf,
  put,
  without,
  type ModelContainer,
  type ModelPod,
  type ModelState,
} from './state.ts';

/** The state after an effect, and podman's error where it failed. */
export interface Outcome {
  readonly state: ModelState;
  readonly failure?: string;
  /** Where it is not podman that fails, but the container that the command waits for. */
  readonly exitCode?: number;
}

export function done(state: ModelState): Outcome {
  return { state };
}

export function failed(state: ModelState, failure: string): Outcome {
  return { state, failure };
}

/** Starts a container, and before it the infra container of its pod. podman never starts what is paused. */
export function startContainer(state: ModelState, name: string): Outcome {
  const container = state.containers[name];
  if (container === undefined) return failed(state, `no container with name or ID "${name}" found`);
  if (container.state === 'running') return done(state);
  if (container.state === 'paused')
    return failed(state, `container ${name} must be in Created or Stopped state to be started`);
  const missing = container.anchors.find((anchor) => state.anchors[anchor] === undefined);
  if (missing !== undefined) return failed(state, `statfs ${missing}: no such file or directory`);
  const ready = container.pod === undefined ? state : startInfra(state, container.pod);
  const startedAt = ready.now;
  return done(withContainer(ready, name, { ...container, state: 'running', exitCode: 0, startedAt }));
}

export function startInfra(state: ModelState, name: string): ModelState {
  const pod = state.pods[name];
  if (pod === undefined || pod.infra === 'running' || pod.infra === 'paused') return state;
  return withPod(state, name, {
    ...pod,
    infra: 'running',
    infraStartedAt: state.now,
    starts: pod.starts + 1,
  });
}

/** The program in a container ends by itself or by a signal from podman; what its restart policy says comes after. */
export function endContainer(state: ModelState, name: string, exitCode: number): ModelState {
  const container = state.containers[name];
  if (container === undefined || !isUp(container)) return state;
  const ended = withContainer(state, name, {
    ...container,
    state: 'exited',
    exitCode,
    exitedAt: state.now,
  });
  return exitCode === 0 ? noteInitialised(ended, container) : ended;
}

/**
 * The program ends by itself, and podman starts it again where its restart policy wants that. It cannot where the infra
 * container is down, whose namespaces it needs, and does not start that one then.
 */
export function endByItself(state: ModelState, name: string, exitCode: number): ModelState {
  const { state: runState, restartPolicy, pod } = state.containers[name] ?? {};
  if (runState !== 'running') return state;
  const ended = endContainer(state, name, exitCode);
  const isRestarted = restartPolicy === 'always' || (restartPolicy === 'on-failure' && exitCode !== 0);
  const canRestart = pod === undefined || state.pods[pod]?.infra === 'running';
  return isRestarted && canRestart ? startContainer(ended, name).state : ended;
}

function noteInitialised(state: ModelState, { pod: podName = '', labels }: ModelContainer): ModelState {
  const pod = state.pods[podName];
  const name = labels[LABEL.container];
  if (pod === undefined || name === undefined || labels[LABEL.role] !== 'init') return state;
  return withPod(state, podName, {
    ...pod,
    initialised: put(pod.initialised, name, initialisation(pod, labels)),
  });
}

/** What is noted of an init container when it comes to a good end. */
export function initialisation({ starts }: ModelPod, labels: ModelContainer['labels']): string {
  return `start ${starts}: ${labels[LABEL.spec] ?? ''}`;
}

/** Asks a container to end, and kills it in the end. podman refuses that of one that is paused. */
export function stopContainer(state: ModelState, name: string): Outcome {
  const container = state.containers[name];
  if (container === undefined) return failed(state, `no container with name or ID "${name}" found`);
  if (container.state === 'paused') return failed(state, `container ${name} is paused, refusing to clean up`);
  return done(endContainer(state, name, 143));
}

export function removeContainer(state: ModelState, name: string): ModelState {
  return { ...state, containers: without(state.containers, name) };
}

/** `podman pod stop`: the containers, and then the infra container. Also what is paused ends. */
export function stopPod(state: ModelState, name: string): ModelState {
  const ended = membersOf(state, name).reduce((after, [member]) => endContainer(after, member, 143), state);
  const pod = ended.pods[name];
  return pod === undefined || (pod.infra !== 'running' && pod.infra !== 'paused')
    ? ended
    : withPod(ended, name, { ...pod, infra: 'exited' });
}

export function removePod(state: ModelState, name: string): ModelState {
  const emptied = membersOf(state, name).reduce((after, [member]) => removeContainer(after, member), state);
  return { ...emptied, pods: without(emptied.pods, name) };
}

export function withContainer(state: ModelState, name: string, container: ModelContainer): ModelState {
  return { ...state, containers: put(state.containers, name, container) };
}

export function withPod(state: ModelState, name: string, pod: ModelPod): ModelState {
  return { ...state, pods: put(state.pods, name, pod) };
}
