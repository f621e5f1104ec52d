import type { ContainerLifecycle, Probe, ProbeKind } from '../kube/spec/probe.ts';
import {
  containerEnded,
  containerStarted,
  dueAt,
  probeBegun,
  probeDropped,
  probeReturned,
  probeWorker,
  released,
  type ProbeResult,
  type ProbeState,
  type ProbeWorker,
} from './probe-worker.ts';
import { probeEventWords, probeWords } from './probe-words.ts';

/** The probes of one container with what they have found. Only a value: it neither probes nor waits. */
export interface ContainerProbes {
  readonly workers: readonly ProbeWorker[];
  readonly isRunning: boolean;
  /** The number of containers that have started. A probe begins in one run, and its result counts in no other. */
  readonly run: number;
}

/** All times are milliseconds of one monotonic clock. */
export type ProbeEvent =
  /**
   * A new container runs, by a start or a restart.
   * @property known what an earlier watcher had found out about this very container
   */
  | { readonly kind: 'started'; readonly startedAt: number; readonly known?: ProbeStatus }
  | { readonly kind: 'ended' }
  /** A probe that began in this run has returned. */
  | {
      readonly kind: 'returned';
      readonly probe: ProbeKind;
      readonly run: number;
      readonly result: ProbeResult;
    }
  /** Time has passed. */
  | { readonly kind: 'time' };

/** `started` and `ready` of a container status. */
export interface ProbeStatus {
  readonly started: boolean;
  readonly ready: boolean;
}

/** For people and for events. */
export interface ProbeNotice {
  readonly probe: ProbeKind;
  /** `unhealthy` and `warning` are the events Unhealthy and ProbeWarning; `changed`: a result reached its threshold. */
  readonly kind: 'unhealthy' | 'warning' | 'changed';
  /** As in `readiness GET :8080/ -> 503, 3 of 3 failed`; of an event, `Readiness probe failed: GET :8080/ -> 503`. */
  readonly message: string;
}

/** The container has to be killed, and to be restarted if its policy is not Never. */
export interface ProbeKill {
  readonly probe: 'startup' | 'liveness';
  readonly message: string;
  /** Seconds; absent for the grace period of the pod. */
  readonly gracePeriodSeconds?: number;
}

export interface ProbesStep {
  readonly probes: ContainerProbes;
  /** The probes to begin now, in the run of `probes`. Each is answered by an event `returned`. */
  readonly begin: readonly ProbeKind[];
  /** When the next event `time` is needed at the latest; Infinity for none. */
  readonly nextAt: number;
  readonly notices: readonly ProbeNotice[];
  readonly kill?: ProbeKill;
}

const FIELDS = [
  ['startup', 'startupProbe'],
  ['readiness', 'readinessProbe'],
  ['liveness', 'livenessProbe'],
] as const;

export function containerProbes(container: ContainerLifecycle): ContainerProbes {
  const workers = FIELDS.flatMap(([kind, field]) => {
    const probe = container[field];
    return probe === undefined ? [] : [probeWorker(kind, probe)];
  });
  return { workers, isRunning: false, run: 0 };
}

/** UpdatePodStatus in prober_manager.go: without a probe, a running container is started and ready. */
export function probeStatus({ workers, isRunning }: ContainerProbes): ProbeStatus {
  const isFine = (kind: ProbeKind) =>
    workers.every((worker) => worker.kind !== kind || worker.state === 'success');
  const started = isRunning && isFine('startup');
  return { started, ready: started && isFine('readiness') };
}

/**
 * Applies one event at a time, and begins the probes that are due.
 * @param isStopping the pod is being stopped: readiness is still probed, the others are not (StopLivenessAndStartup in
 *   prober_manager.go)
 */
export function advanceProbes(
  probes: ContainerProbes,
  event: ProbeEvent,
  now: number,
  isStopping = false,
): ProbesStep {
  const wasStarted = probeStatus(probes).started;
  const { notices, kill, ...applied } = applyEvent(probes, event, now, isStopping);
  const isStarted = probeStatus(applied.probes).started;
  const gated = ({ kind }: ProbeWorker) =>
    kind === 'readiness' ? !isStarted : isStopping || (kind !== 'startup' && !isStarted);
  const current =
    isStarted && !wasStarted
      ? applied.probes.workers.map((worker) => released(worker, now))
      : applied.probes.workers;
  const isDue = (worker: ProbeWorker) => !gated(worker) && dueAt(worker) <= now;
  const workers = current.map((worker) => (isDue(worker) ? probeBegun(worker, now) : worker));
  const waiting = workers.filter((worker) => !gated(worker)).map(dueAt);
  return {
    probes: { ...applied.probes, workers },
    begin: current.filter(isDue).map(({ kind }) => kind),
    nextAt: Math.min(Infinity, ...waiting),
    notices,
    ...(kill === undefined ? {} : { kill }),
  };
}

interface Applied {
  readonly probes: ContainerProbes;
  readonly notices: readonly ProbeNotice[];
  readonly kill?: ProbeKill;
}

function applyEvent(probes: ContainerProbes, event: ProbeEvent, now: number, isStopping: boolean): Applied {
  const each = (change: (worker: ProbeWorker) => ProbeWorker, isRunning = probes.isRunning): Applied => ({
    probes: { ...probes, workers: probes.workers.map(change), isRunning },
    notices: [],
  });
  switch (event.kind) {
    case 'started': {
      const { probes: started } = each(
        (worker) => containerStarted(worker, event.startedAt, knownState(worker.kind, event.known)),
        true,
      );
      return { probes: { ...started, run: probes.run + 1 }, notices: [] };
    }
    case 'ended':
      return each(containerEnded, false);
    case 'returned':
      return event.run === probes.run ? applyResult(probes, event, now, isStopping) : { probes, notices: [] };
    case 'time':
      return { probes, notices: [] };
  }
}

function knownState(kind: ProbeKind, known: ProbeStatus | undefined): ProbeState | undefined {
  if (kind === 'startup') return known?.started === true ? 'success' : undefined;
  return kind === 'readiness' && known?.ready === true ? 'success' : undefined;
}

function applyResult(
  probes: ContainerProbes,
  { probe: kind, result }: Extract<ProbeEvent, { readonly kind: 'returned' }>,
  now: number,
  isStopping: boolean,
): Applied {
  const before = probes.workers.find((worker) => worker.kind === kind);
  // The container has ended since.
  if (before?.isProbing !== true || before.isOnHold) return { probes, notices: [] };
  if (isStopping && kind !== 'readiness')
    return { probes: withWorker(probes, probeDropped(before)), notices: [] };
  const { worker, change } = probeReturned(before, result, now);
  const message = probeWords(worker);
  const notices: ProbeNotice[] = [];
  if (result.outcome === 'failure' || result.outcome === 'error')
    notices.push({ probe: kind, kind: 'unhealthy', message: probeEventWords(worker, result) });
  if (result.outcome === 'warning')
    notices.push({ probe: kind, kind: 'warning', message: probeEventWords(worker, result) });
  if (change !== undefined) notices.push({ probe: kind, kind: 'changed', message });
  const kill = change?.state === 'failure' ? killFor(kind, worker.probe, message) : undefined;
  return { probes: withWorker(probes, worker), notices, ...(kill === undefined ? {} : { kill }) };
}

function withWorker(probes: ContainerProbes, changed: ProbeWorker): ContainerProbes {
  const workers = probes.workers.map((worker) => (worker.kind === changed.kind ? changed : worker));
  return { ...probes, workers };
}

function killFor(kind: ProbeKind, probe: Probe, message: string): ProbeKill | undefined {
  if (kind === 'readiness') return undefined;
  const { terminationGracePeriodSeconds: seconds } = probe;
  return { probe: kind, message, ...(seconds === undefined ? {} : { gracePeriodSeconds: seconds }) };
}
