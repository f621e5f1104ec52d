import type { Probe, ProbeKind } from '../kube/spec/probe.ts';

/** The answer of one probe. */
export interface ProbeResult {
  /**
   * `warning` is a success with something to report. `error` is no answer: the probe could not be carried out, and
   * the kubelet counts it neither as a success nor as a failure (worker.go, doProbe).
   */
  readonly outcome: 'success' | 'warning' | 'failure' | 'error';
  /** For people, such as `503`, `connection refused` or `command timed out`; at most 10 KiB. */
  readonly message: string;
}

/** What counts after the thresholds; unknown before the first result of a startup probe. */
export type ProbeState = 'success' | 'failure' | 'unknown';

/**
 * The state of one probe of one container, as pkg/kubelet/prober/worker.go keeps it. All times are milliseconds of one
 * monotonic clock.
 */
export interface ProbeWorker {
  readonly kind: ProbeKind;
  readonly probe: Probe;
  readonly state: ProbeState;
  /** The last result that counted, and how many times in a row it came. */
  readonly last?: 'success' | 'failure';
  readonly count: number;
  /** The message of the last result, which may be about the container before this one; empty before the first. */
  readonly message: string;
  /** Start of the running container; absent while none runs. */
  readonly startedAt?: number;
  /** No more probes until the next container: the decision about this one has been made. */
  readonly isOnHold: boolean;
  /** A probe has begun and has not returned. The next one waits for it. */
  readonly isProbing: boolean;
  /** When the next probe is due. */
  readonly nextAt: number;
}

/** A result counted and changed the state. */
export interface ProbeChange {
  readonly state: ProbeState;
  /** The result that reached the threshold. */
  readonly message: string;
}

export interface WorkerStep {
  readonly worker: ProbeWorker;
  readonly change?: ProbeChange;
}

/** The state while no result has counted (newWorker in worker.go). */
const INITIAL: Readonly<Record<ProbeKind, ProbeState>> = {
  startup: 'unknown',
  readiness: 'failure',
  liveness: 'success',
};

/** The first gap between readiness probes of a container that is not ready yet, in milliseconds. */
const SHORTEST_GAP_MS = 250;

export function probeWorker(kind: ProbeKind, probe: Probe): ProbeWorker {
  const state = INITIAL[kind];
  return { kind, probe, state, count: 0, message: '', isOnHold: false, isProbing: false, nextAt: Infinity };
}

/**
 * A new container runs. A probe of the container before it that has not returned is forgotten: its result must not be
 * given to the worker.
 * @param known the state to keep if the container has run before this worker: a kubelet that restarts keeps it, too
 */
export function containerStarted(worker: ProbeWorker, startedAt: number, known?: ProbeState): ProbeWorker {
  const state = known ?? INITIAL[worker.kind];
  return {
    ...worker,
    state,
    count: 0,
    startedAt,
    isProbing: false,
    isOnHold: worker.kind === 'startup' && state === 'success',
    nextAt: startedAt + worker.probe.initialDelaySeconds * 1000,
  };
}

/** The container has ended: not ready, and not started. */
export function containerEnded({ startedAt: _, ...worker }: ProbeWorker): ProbeWorker {
  return { ...worker, state: 'failure', isProbing: false, nextAt: Infinity };
}

/** When the worker wants to probe; Infinity if it waits for something else. */
export function dueAt({ startedAt, isOnHold, isProbing, nextAt }: ProbeWorker): number {
  return startedAt === undefined || isOnHold || isProbing ? Infinity : nextAt;
}

/** A probe begins. The period counts from when it was due, like that of a ticker, unless that was missed altogether. */
export function probeBegun(worker: ProbeWorker, now: number): ProbeWorker {
  const scheduled = now - worker.nextAt < periodMs(worker) ? worker.nextAt : now;
  return { ...worker, isProbing: true, nextAt: scheduled + gapMs(worker, now) };
}

/** The startup probe has succeeded: probe at once, or at the end of the initial delay. */
export function released(worker: ProbeWorker, now: number): ProbeWorker {
  return { ...worker, nextAt: Math.max(worker.nextAt, now) };
}

/** A probe has returned, and its result does not count. */
export function probeDropped(worker: ProbeWorker): ProbeWorker {
  return { ...worker, isProbing: false };
}

/** A probe has returned. The change is set if its result reached a threshold, and the state is another one. */
export function probeReturned(worker: ProbeWorker, result: ProbeResult, now: number): WorkerStep {
  const idle = {
    ...worker,
    isProbing: false,
    message: result.message,
    // One tick that passed meanwhile is made up for.
    nextAt: Math.max(worker.nextAt, now),
  };
  if (result.outcome === 'error') return { worker: idle };
  const last = result.outcome === 'failure' ? 'failure' : 'success';
  const count = worker.last === last ? worker.count + 1 : 1;
  const { failureThreshold, successThreshold } = worker.probe;
  // After the first success, the period counts from now on, and the short gap before it no more.
  const nextAt = last === 'success' && worker.last !== 'success' ? now + periodMs(worker) : idle.nextAt;
  if (count < (last === 'failure' ? failureThreshold : successThreshold))
    return { worker: { ...idle, last, count, nextAt } };
  const isDecided = worker.kind === 'startup' || (worker.kind === 'liveness' && last === 'failure');
  const decided = { ...idle, last, count: isDecided ? 0 : count, state: last, isOnHold: isDecided } as const;
  if (worker.state === last) return { worker: decided };
  return {
    worker: last === 'success' ? { ...decided, nextAt } : decided,
    change: { state: last, message: result.message },
  };
}

/**
 * Time until the next probe. A container that is not ready yet is probed more often at first, so that it is ready soon
 * after it answers: "While a container is not Ready, the ReadinessProbe may be executed at times other than the
 * configured periodSeconds interval" (https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/).
 * The gap is half of the time it has been probed, so it soon reaches the period. Further successes are a period apart.
 */
function gapMs(worker: ProbeWorker, now: number): number {
  const period = periodMs(worker);
  if (worker.kind !== 'readiness' || worker.state === 'success' || worker.last === 'success') return period;
  const { startedAt = now, probe } = worker;
  const probedFor = now - startedAt - probe.initialDelaySeconds * 1000;
  return Math.min(period, Math.max(SHORTEST_GAP_MS, probedFor / 2));
}

function periodMs({ probe }: ProbeWorker): number {
  return probe.periodSeconds * 1000;
}
