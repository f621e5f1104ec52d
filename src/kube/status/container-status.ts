import type { ContainerFacts, ContainerStage, PodFacts } from './facts.ts';

/** The status of one container, as `status.containerStatuses` of a Pod has it. */
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
      /** Present when it has run, or was to run, before and is to run again. */
      readonly lastExitCode?: number;
    }
  | {
      readonly kind: 'running';
      readonly ready: boolean;
      /** Its sandbox has ended: nothing reaches it any more. */
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

/** A row gives the state of a container that it applies to, and nothing for others. */
type Row = (stage: ContainerStage, context: Context) => ContainerState | undefined;

function row<K extends ContainerStage['kind']>(
  kind: K,
  state: (stage: Stage<K>) => ContainerState,
  when: (context: Context, stage: Stage<K>) => boolean = () => true,
): Row {
  const applies = (stage: ContainerStage): stage is Stage<K> => stage.kind === kind;
  return (stage, context) => (applies(stage) && when(context, stage) ? state(stage) : undefined);
}

/**
 * The exit code that containerd gives a container that could not be started
 * (internal/cri/server/container_start.go).
 */
const START_FAILED = 128;

/**
 * In a pod with init containers, all of them wait with this reason (convertToAPIContainerStatuses in
 * kubelet_pods.go).
 */
const isInitializing = ({ initContainers }: Context) => initContainers.length > 0;
const isNotTriedAgain = ({ restartPolicy, isTerminal }: Context) => restartPolicy === 'Never' || isTerminal;

const waiting = (reason: string, message = '', lastExitCode?: number): ContainerState => ({
  kind: 'waiting',
  reason,
  ...(message === '' ? {} : { message }),
  ...(lastExitCode === undefined ? {} : { lastExitCode }),
});
const terminated = (reason: string, exitCode: number, message = ''): ContainerState => ({
  kind: 'terminated',
  exitCode,
  reason,
  ...(message === '' ? {} : { message }),
});

/**
 * The states of a container: the first row that applies counts. The reasons are the kubelet's
 * (pkg/kubelet/kubelet_pods.go and kuberuntime_container.go). A container whose start fails waits with
 * `RunContainerError` (ErrRunContainer in pkg/kubelet/container/sync_result.go) where it is to be tried
 * again; else it is left as the runtime has it, with `StartError`.
 */
const STATES: readonly Row[] = [
  row('absent', () => waiting('PodInitializing'), isInitializing),
  row('absent', () => waiting('ContainerCreating')),
  row('created', () => waiting('PodInitializing'), isInitializing),
  row('created', () => waiting('ContainerCreating')),
  row('start-failed', ({ message }) => terminated('StartError', START_FAILED, message), isNotTriedAgain),
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

/** The state in a word, as the column STATUS has it for a pod of one container. */
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

/** The exit code of a container that has come to an end, though it may be waiting for its next start. */
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
