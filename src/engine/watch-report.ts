import { isObject, membersOf } from '../base/json-members.ts';
import { defined } from '../base/defined.ts';
import type { PodEvent } from './pod-events.ts';
import { decodeEvents } from './watch-events.ts';
import {
  probeStatus,
  type ContainerProbes,
  type ProbeKill,
  type ProbeStatus,
} from '../kubelet/container-probes.ts';
import { probeWords } from '../kubelet/probe-words.ts';
import type { EndedRun, Member, WatchedContainer, Watcher, WatchSettings } from '../kubelet/watched.ts';
import { isHeldByPostStart } from '../kubelet/watched-events.ts';
import { nextRestart } from '../kubelet/watched-restarts.ts';

/** What a watcher knows of the containers of its project. Times are milliseconds since 1970. */
export interface WatchReport {
  /** The version of the podpose that watches. */
  readonly version: string;
  readonly pid: number;
  readonly containers: readonly WatchedStatus[];
  /** It restarts nothing any more, and stops the pods. */
  readonly isEnding?: true;
  /** The endpoints of a Service are not yet the pods that are ready. */
  readonly areEndpointsPending?: true;
  /** Its events of the last hour; absent unless they were asked for. */
  readonly events?: readonly PodEvent[];
}

export interface WatchedStatus {
  /** podman's ID. */
  readonly id: string;
  readonly pod: string;
  readonly container: string;
  readonly restarts: number;
  /** Identifies the run that the watcher has seen last: podman's text of its start. Absent from earlier versions. */
  readonly run?: string;
  /** The end of the run before the current one. */
  readonly lastEnd?: ReportedEnd;
  /** The end of a container that waits for its restart, or stays as it is. */
  readonly end?: ReportedEnd;
  /** Of a container with probes: whether it is started and ready, and the last result of each probe. */
  readonly probed?: ReportedProbes;
  /** Identifies the current run if the watcher has started it. */
  readonly restartedRun?: string;
  /** A probe has failed too often: this run is being killed, or was. */
  readonly killedBy?: ProbeKill;
  /** Its postStart hook runs, or is about to. */
  readonly isInPostStart?: true;
  /** All containers of its pod are being restarted. */
  readonly isResetting?: true;
  /** Neither its policy nor a rule restarts it alone, whatever its exit code. */
  readonly isNeverRestarted?: true;
  /** The next start. */
  readonly restartAt?: number;
  /** Length of the back-off in seconds; 0 for a restart at once. */
  readonly waitSeconds?: number;
}

export interface ReportedProbes extends ProbeStatus {
  /** Identifies the run that was probed. */
  readonly run: string;
  /** As in `readiness GET :8080/ -> 503, 2 of 3 failed`. */
  readonly words: readonly string[];
}

export interface ReportedEnd {
  readonly startedAt?: number;
  readonly finishedAt?: number;
  readonly exitCode: number;
  readonly reason: string;
  readonly message?: string;
}

/** @param offset milliseconds to add to a time of podman for the monotonic clock */
export function statusesOf(
  { members }: Watcher,
  offset: number,
  settings: WatchSettings,
): readonly WatchedStatus[] {
  return [...members.values()].map((member) => statusOf(member, offset, settings));
}

function statusOf(member: Member, offset: number, settings: WatchSettings): WatchedStatus {
  const { container, restarts, run, lastEnd, probes, startKey, isRestart, isResetting, killedBy } = member;
  const restart = nextRestart(member, settings);
  const ended = run.kind === 'ended' ? reportedEnd(run, offset) : undefined;
  return {
    ...{ id: container.id, pod: container.pod, container: container.container, restarts, run: startKey },
    ...defined({
      lastEnd: lastEnd === undefined ? undefined : reportedEnd(lastEnd, offset),
      end: ended,
      restartedRun: isRestart && run.kind === 'running' ? startKey : undefined,
      restartAt: restart === undefined ? undefined : wallTime(restart.at, offset),
      waitSeconds: restart?.waitSeconds,
      isResetting,
      killedBy,
      isNeverRestarted: isNeverRestarted(container) ? (true as const) : undefined,
      isInPostStart: run.kind === 'running' && isHeldByPostStart(member) ? (true as const) : undefined,
      probed: probes === undefined ? undefined : reportedProbes(probes, startKey),
    }),
  };
}

function isNeverRestarted({ role, restartPolicy, lifecycle }: WatchedContainer): boolean {
  return (
    role === 'container' && restartPolicy === 'Never' && (lifecycle.restartPolicyRules ?? []).length === 0
  );
}

function reportedProbes(probes: ContainerProbes, run: string): ReportedProbes {
  return { ...probeStatus(probes), run, words: probes.workers.map(probeWords) };
}

function reportedEnd(end: EndedRun, offset: number): ReportedEnd {
  const { startedAt, finishedAt, exitCode, reason, message } = end;
  return {
    exitCode,
    reason,
    ...defined({
      startedAt: startedAt === undefined ? undefined : wallTime(startedAt, offset),
      finishedAt: wallTime(finishedAt, offset),
      message,
    }),
  };
}

function wallTime(time: number, offset: number): number | undefined {
  return Number.isFinite(time) ? Math.round(time - offset) : undefined;
}

/** Decodes the answer of a watcher; undefined for any other text. A watcher of another version may send other members. */
export function decodeReport(text: string): WatchReport | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value) || typeof value['version'] !== 'string' || typeof value['pid'] !== 'number')
      return undefined;
    const containers = membersOf(value['containers']).filter(
      (one) => isObject(one) && typeof one['id'] === 'string' && typeof one['restarts'] === 'number',
    );
    return {
      version: value['version'],
      pid: value['pid'],
      containers: containers as readonly WatchedStatus[],
      ...(value['isEnding'] === true ? { isEnding: true } : {}),
      ...(value['areEndpointsPending'] === true ? { areEndpointsPending: true } : {}),
      events: decodeEvents(value['events']),
    };
  } catch {
    return undefined;
  }
}
