import { defined } from '../../base/defined.ts';
import type { ContainerFacts, ContainerStage, PodFacts } from './facts.ts';

/** The status of a container, as in `status.containerStatuses` of a Pod. */
export interface ContainerStatus {
  readonly name: string;
  readonly state: ContainerState;
  readonly restarts: number;
}

export type ContainerState =
  | {
      readonly kind: 'waiting';
      /** `ContainerCreating`, `PodInitializing`, `CrashLoopBackOff` ... */
      readonly reason: string;
      readonly message?: string;
      /** Set if the container has run, or has failed to start, and will be restarted. */
      readonly lastExitCode?: number;
    }
  | {
      readonly kind: 'running';
      readonly ready: boolean;
      /** Its sandbox has ended, so it is unreachable. */
      readonly hasLostSandbox?: true;
    }
  /** The reason is `Completed`, `Error`, `OOMKilled` ... */
  | {
      readonly kind: 'terminated';
      readonly exitCode: number;
      readonly reason: string;
      readonly message?: string;
    };

type Context = Pick<PodFacts, 'restartPolicy' | 'isTerminal' | 'initContainers'>;

type Stage<K extends ContainerStage['kind']> = Extract<ContainerStage, { readonly kind: K }>;

/** Gives the state of a container; undefined if the row does not apply. */
type Row = (stage: ContainerStage, context: Context) => ContainerState | undefined;

function row<K extends ContainerStage['kind']>(
  kind: K,
  state: (stage: Stage<K>) => ContainerState,
  when: (context: Context, stage: Stage<K>) => boolean = () => true,
): Row {
  const applies = (stage: ContainerStage): stage is Stage<K> => stage.kind === kind;
  return (stage, context) => (applies(stage) && when(context, stage) ? state(stage) : undefined);
}

/** The exit code of a container that failed to start, as in containerd (internal/cri/server/container_start.go). */
const START_FAILED = 128;

/**
 * The reason of all waiting containers in a pod with init containers (convertToAPIContainerStatuses in
 * kubelet_pods.go).
 */
const isInitializing = ({ initContainers }: Context) => initContainers.length > 0;
const isNotRetried = ({ restartPolicy, isTerminal }: Context) => restartPolicy === 'Never' || isTerminal;

const waiting = (reason: string, message = '', lastExitCode?: number): ContainerState => ({
  kind: 'waiting',
  reason,
  ...(message === '' ? {} : { message }),
  ...defined({ lastExitCode }),
});
const terminated = (reason: string, exitCode: number, message = ''): ContainerState => ({
  kind: 'terminated',
  exitCode,
  reason,
  ...(message === '' ? {} : { message }),
});

/**
 * The states of a container; the first row that applies is used. The reasons are those of the kubelet
 * (pkg/kubelet/kubelet_pods.go and kuberuntime_container.go). After a failed start, a container that will be retried
 * waits with `RunContainerError` (ErrRunContainer in pkg/kubelet/container/sync_result.go); otherwise it is
 * terminated with `StartError`.
 */
const STATES: readonly Row[] = [
  row('absent', () => waiting('PodInitializing'), isInitializing),
  row('absent', () => waiting('ContainerCreating')),
  row('created', () => waiting('PodInitializing'), isInitializing),
  row('created', () => waiting('ContainerCreating')),
  row('start-failed', ({ message }) => terminated('StartError', START_FAILED, message), isNotRetried),
  row('start-failed', ({ message }) => waiting('RunContainerError', message, START_FAILED)),
  row(
    'running',
    () => ({ kind: 'running', ready: false, hasLostSandbox: true }),
    (_, { hasLostSandbox }) => hasLostSandbox === true,
  ),
  row('running', ({ isPaused }) => ({ kind: 'running', ready: !isPaused })),
  row(
    'ended',
    (end) => terminated(end.reason ?? '', end.exitCode),
    (_, end) => end.reason !== undefined,
  ),
  row(
    'ended',
    () => terminated('Completed', 0),
    (_, { exitCode }) => exitCode === 0,
  ),
  row('ended', ({ exitCode }) => terminated('Error', exitCode)),
  row('backing-off', ({ exitCode }) => waiting('CrashLoopBackOff', '', exitCode)),
  row('unknown', () => waiting('Unknown')),
];

export function containerStatus(
  { name, restarts, stage }: ContainerFacts,
  context: Context,
): ContainerStatus {
  return { name, restarts, state: stateOf(stage, context) };
}

function stateOf(stage: ContainerStage, context: Context): ContainerState {
  for (const stateIn of STATES) {
    const state = stateIn(stage, context);
    if (state !== undefined) return state;
  }
  return waiting('Unknown');
}

export function isReady({ state }: ContainerStatus): boolean {
  return state.kind === 'running' && state.ready;
}

/** An init container is ready once it has completed. */
export function isInitReady({ state }: ContainerStatus): boolean {
  return state.kind === 'terminated' && state.exitCode === 0;
}

/** The reason of the kubelet's event for a pod whose sandbox has ended (SandboxChanged in pkg/kubelet/events/event.go). */
const SANDBOX_CHANGED = 'SandboxChanged';

/** The state in one word, as in the STATUS column for a pod with one container. */
export function stateWord(state: ContainerState): string {
  switch (state.kind) {
    case 'waiting':
      return state.reason;
    case 'running':
      return state.hasLostSandbox === true ? SANDBOX_CHANGED : 'Running';
    case 'terminated':
      return state.reason === '' ? `ExitCode:${state.exitCode}` : state.reason;
  }
}

/** The exit code of the last run, also if the container waits for a restart; undefined without one. */
export function endOf(state: ContainerState): number | undefined {
  switch (state.kind) {
    case 'waiting':
      return state.lastExitCode;
    case 'running':
      return undefined;
    case 'terminated':
      return state.exitCode;
  }
}
