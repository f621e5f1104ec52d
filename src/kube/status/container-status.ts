import { defined } from '../../base/defined.ts';
import { restartsAfter, type RestartPolicy } from '../spec/restart-policy.ts';
import type { BackOffTime, ContainerFacts, ContainerStage, LastEnd, PodFacts, ProbeAnswer } from './facts.ts';

/** The status of a container, as in `status.containerStatuses` of a Pod. Times are in seconds since 1970. */
export interface ContainerStatus {
  readonly name: string;
  readonly state: ContainerState;
  /** The end before the current state; absent if its exit code is unknown. */
  readonly lastState?: Terminated;
  /**
   * When it was last restarted: the end before the current run, as in kubectl. If that is unknown, as of a container that
   * has ended again, the start of the run.
   */
  readonly lastRestartAt?: number;
  readonly restarts: number;
  readonly started: ProbeAnswer;
  readonly ready: ProbeAnswer;
  readonly isSidecar?: true;
  /** It has ended, or failed to start, and will be started again. */
  readonly willRestart: boolean;
}

export type ContainerState =
  | {
      readonly kind: 'waiting';
      /** `ContainerCreating`, `PodInitializing`, `CrashLoopBackOff` ... */
      readonly reason: string;
      readonly message?: string;
    }
  | {
      readonly kind: 'running';
      readonly startedAt?: number;
      readonly isPaused?: true;
      /** Its sandbox has ended, so it is unreachable. */
      readonly hasLostSandbox?: true;
    }
  | Terminated;

/** The reason is `Completed`, `Error`, `OOMKilled` ... */
export interface Terminated {
  readonly kind: 'terminated';
  readonly exitCode: number;
  readonly reason: string;
  readonly message?: string;
  readonly startedAt?: number;
  readonly finishedAt?: number;
}

/** What the status of a container depends on besides its own facts. */
interface Context {
  readonly facts: ContainerFacts;
  /** An app container of a pod with init containers waits with another reason. */
  readonly hasInitContainers: boolean;
  /** It is an init container, no sidecar, of a pod whose app containers were created. */
  readonly isPast: boolean;
  readonly isRetried: (exitCode: number) => boolean;
}

/** A state with the end before it. */
interface Outcome {
  readonly state: ContainerState;
  readonly lastState?: Terminated;
}

type Stage<K extends ContainerStage['kind']> = Extract<ContainerStage, { readonly kind: K }>;

/** Gives the state of a container; undefined if the row does not apply. */
type Row = (context: Context) => Outcome | undefined;

function row<K extends ContainerStage['kind']>(
  kind: K,
  outcome: (stage: Stage<K>, context: Context) => Outcome,
  when: (context: Context, stage: Stage<K>) => boolean = () => true,
): Row {
  const applies = (stage: ContainerStage): stage is Stage<K> => stage.kind === kind;
  return (context) => {
    const { stage } = context.facts;
    return applies(stage) && when(context, stage) ? outcome(stage, context) : undefined;
  };
}

/** The exit code of a container that failed to start, as in containerd (internal/cri/server/container_start.go). */
const START_FAILED = 128;

const hasInitContainers = (context: Context) => context.hasInitContainers;

const waiting = (reason: string, message = '', lastState?: Terminated): Outcome => ({
  state: { kind: 'waiting', reason, ...(message === '' ? {} : { message }) },
  ...defined({ lastState }),
});
const terminated = (exitCode: number, reason: string, message = ''): Terminated => ({
  kind: 'terminated',
  exitCode,
  reason,
  ...(message === '' ? {} : { message }),
});

/** Reason of an end (containerd and CRI-O: `Completed` for exit code 0, `Error` for others). */
function ended(
  exitCode: number,
  reason: string | undefined,
  times: Omit<LastEnd, 'exitCode' | 'reason'>,
): Terminated {
  const { startedAt, finishedAt } = times;
  return {
    ...terminated(exitCode, reason ?? (exitCode === 0 ? 'Completed' : 'Error')),
    ...defined({ startedAt, finishedAt }),
  };
}

/** A failed start, with the time of its end only, as in containerd (internal/cri/server/container_start.go). */
function startError({ message, finishedAt }: Stage<'start-failed'>): Terminated {
  return { ...terminated(START_FAILED, 'StartError', message), ...defined({ finishedAt }) };
}

/** The kubelet's message for an init container that was removed (convertToAPIContainerStatuses). */
const REMOVED = 'it was removed after the pod was initialized';

/**
 * The states of a container; the first row that applies is used. The reasons are those of the kubelet
 * (convertToAPIContainerStatuses in pkg/kubelet/kubelet_pods.go, and kuberuntime_container.go). After a failed start, a
 * container that will be retried waits with `RunContainerError` (ErrRunContainer in
 * pkg/kubelet/container/sync_result.go), and during the back-off with `CrashLoopBackOff`, which is the error of the last
 * sync then (ErrCrashLoopBackOff there); otherwise it is terminated with `StartError`. `ErrImagePull` and
 * `ImagePullBackOff` are missing: podpose creates a container after its image was pulled, and retries no pull.
 */
const STATES: readonly Row[] = [
  row(
    'absent',
    () => ({ state: terminated(0, 'Completed', REMOVED) }),
    ({ isPast }) => isPast,
  ),
  row('absent', () => waiting('PodInitializing'), hasInitContainers),
  row('absent', () => waiting('ContainerCreating')),
  row('created', () => waiting('PodInitializing'), hasInitContainers),
  row('created', () => waiting('ContainerCreating')),
  row('config-error', ({ message }) => waiting('CreateContainerConfigError', message)),
  row(
    'start-failed',
    (stage) => ({ state: startError(stage) }),
    ({ isRetried }) => !isRetried(START_FAILED),
  ),
  row(
    'start-failed',
    (stage, { facts }) =>
      waiting('CrashLoopBackOff', backOffMessage(facts.name, stage.backOff), startError(stage)),
    (_, { backOff }) => backOff !== undefined,
  ),
  row('start-failed', (stage) => waiting('RunContainerError', stage.message, startError(stage))),
  row('running', ({ isPaused }, { facts: { startedAt, hasLostSandbox } }) => ({
    state: {
      kind: 'running',
      ...defined({ startedAt, hasLostSandbox }),
      ...(isPaused ? { isPaused } : {}),
    },
  })),
  row('ended', ({ exitCode, reason }, { facts }) => ({ state: ended(exitCode, reason, facts) })),
  row('backing-off', ({ exitCode, reason, backOff }, { facts }) =>
    waiting('CrashLoopBackOff', backOffMessage(facts.name, backOff), ended(exitCode, reason, facts)),
  ),
  row('unknown', () => waiting('Unknown')),
];

/** In the words of a kubelet (doBackOff in pkg/kubelet/kuberuntime/kuberuntime_manager.go), with the time of the next start. */
function backOffMessage(name: string, backOff: BackOffTime | undefined): string {
  if (backOff === undefined) return '';
  const until = new Date(Math.round(backOff.until) * 1000).toISOString().replace('.000', '');
  return `back-off ${Math.round(backOff.seconds)}s restarting failed container=${name}, next start at ${until}`;
}

export function containerStatus(
  facts: ContainerFacts,
  role: 'init' | 'container',
  pod: PodFacts,
): ContainerStatus {
  const isSidecar = facts.isSidecar === true;
  const context: Context = {
    facts,
    hasInitContainers: pod.initContainers.length > 0,
    isPast: role === 'init' && !isSidecar && wasInitialized(pod),
    isRetried: (exitCode) =>
      !pod.isTerminal && restartsAfter({ ...facts, restartPolicy: policyOf(facts, pod) }, exitCode),
  };
  const { state, lastState } = outcomeOf(context);
  const { name, restarts, lastEnd } = facts;
  const before = lastState ?? lastStateOf(lastEnd);
  const hasEnded = state.kind === 'terminated';
  const lastEndAt = (lastState ?? lastEnd)?.finishedAt ?? (hasEnded ? facts.startedAt : undefined);
  const lastRestartAt = restarts === 0 ? undefined : lastEndAt;
  const started = startedOf(state, facts);
  const hasEndedBefore = state.kind === 'waiting' && (lastState !== undefined || restarts > 0);
  return {
    name,
    restarts,
    state,
    ...(before === undefined ? {} : { lastState: before }),
    ...defined({ lastRestartAt }),
    started,
    ready: role === 'init' && !isSidecar ? hasCompleted(state) : readyOf(state, started, facts),
    ...(isSidecar ? { isSidecar } : {}),
    willRestart:
      state.kind === 'terminated' ? context.isRetried(state.exitCode) : hasEndedBefore && !pod.isTerminal,
  };
}

function outcomeOf(context: Context): Outcome {
  for (const outcomeIn of STATES) {
    const outcome = outcomeIn(context);
    if (outcome !== undefined) return outcome;
  }
  return waiting('Unknown');
}

/** A sidecar is always restarted (ContainerShouldRestart in pkg/api/v1/pod/util.go). */
function policyOf({ isSidecar, restartPolicy }: ContainerFacts, pod: PodFacts): RestartPolicy {
  return isSidecar === true ? 'Always' : (restartPolicy ?? pod.restartPolicy);
}

/**
 * Whether an absent init container must have completed: app containers of the sandbox exist. In a stopped pod, those of
 * its last sandbox do (HasAnyRegularContainerCreated in pkg/kubelet/kuberuntime/kuberuntime_container.go).
 */
function wasInitialized({ containers, isTerminal }: PodFacts): boolean {
  return containers.some(
    ({ stage, hasLostSandbox }) => stage.kind !== 'absent' && (isTerminal || hasLostSandbox !== true),
  );
}

function lastStateOf(end: LastEnd | undefined): Terminated | undefined {
  return end?.exitCode === undefined ? undefined : ended(end.exitCode, end.reason, end);
}

/** Without a startup probe, a container is started when it runs (isContainerStarted in prober_manager.go). */
function startedOf(state: ContainerState, { started = true }: ContainerFacts): ProbeAnswer {
  return state.kind === 'running' && started;
}

/** Not before it is started; without a readiness probe from then on (UpdatePodStatus in prober_manager.go). */
function readyOf(state: ContainerState, started: ProbeAnswer, { ready = true }: ContainerFacts): ProbeAnswer {
  if (state.kind !== 'running' || state.isPaused === true || state.hasLostSandbox === true) return false;
  if (started === false || ready === false) return false;
  return started === 'unknown' ? 'unknown' : ready;
}

/** Whether it has ended with exit code 0. */
export function hasCompleted(state: ContainerState): boolean {
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
