import type { EndedRun, Past, WatchSettings } from '../kubelet/watched.ts';
import { START_FAILED } from '../kubelet/watched.ts';
import { pastAfterRestart, scaleOf } from '../kubelet/watched-restarts.ts';
import type { RecordedEnd, WatcherRecord } from '../podman/watcher-record.ts';
import { defined } from '../base/defined.ts';
import { askPastEvents, type ContainerEvent } from '../podman/inspect/container-events.ts';
import type { PodmanClient } from '../podman/client/client.ts';
import type { Clock } from '../platform/clock.ts';
import { abortController, firstOf } from '../base/abort.ts';

/** Restarts go on without their history if podman does not find it in this time. */
const LONGEST_REBUILD_MILLISECONDS = 10_000;

export interface PastOptions {
  readonly project: string;
  /** The creation of the oldest container, in seconds since 1970; undefined to ask for no events. */
  readonly since: number | undefined;
  readonly records: ReadonlyMap<string, WatcherRecord>;
  readonly clock: Clock;
  readonly stop: AbortSignal;
  /** Milliseconds to add to the times of events, for the monotonic clock. */
  readonly offset: () => number;
  readonly settings: WatchSettings;
}

/** Asks podman for the events of a project, and rebuilds what a watcher knows, by podman's ID. Empty if it takes too long. */
export async function askPast(
  podman: PodmanClient,
  { project, since, records, clock, stop, offset, settings }: PastOptions,
): Promise<ReadonlyMap<string, Past>> {
  if (since === undefined) return pastOf([], offset(), settings, records);
  const limit = abortController();
  const limited = firstOf(limit.signal, stop);
  void clock.sleep(LONGEST_REBUILD_MILLISECONDS, limited.signal).then(() => {
    limit.abort();
  });
  const events = await askPastEvents(podman, project, since, limited.signal);
  limit.abort();
  limited.release();
  return pastOf(events, offset(), settings, records);
}

/**
 * Rebuilds what a watcher knows from podman's events and from the records of watchers before: restarts, back-off, the end of
 * the run before the last, a failed start.
 * @param offset milliseconds to add to the times of events, for the monotonic clock
 */
export function pastOf(
  events: readonly ContainerEvent[],
  offset: number,
  settings: WatchSettings,
  records: ReadonlyMap<string, WatcherRecord> = new Map(),
): ReadonlyMap<string, Past> {
  const byId = new Map<string, ContainerEvent[]>([...records.keys()].map((id) => [id, []]));
  for (const event of events) byId.set(event.id, [...(byId.get(event.id) ?? []), event]);
  const sandboxEnds = events.filter(({ isInfra, status }) => isInfra === true && status === 'died');
  return new Map(
    [...byId].map(([id, own]) => {
      const ends = sandboxEnds.flatMap(({ pod, at }) => (pod === own[0]?.pod ? [at + offset] : []));
      return [id, pastOfOne(own, ends, records.get(id), offset, settings)];
    }),
  );
}

interface Fold {
  readonly past: Past;
  readonly isRunning: boolean;
  readonly hasRun: boolean;
  readonly startedAt?: number;
  readonly end?: EndedRun;
}

const NEVER_RAN: Fold = { past: { restarts: 0 }, isRunning: false, hasRun: false };

function pastOfOne(
  events: readonly ContainerEvent[],
  sandboxEnds: readonly number[],
  record: WatcherRecord | undefined,
  offset: number,
  settings: WatchSettings,
): Past {
  const begin = record === undefined ? NEVER_RAN : foldOf(record, offset, scaleOf(settings));
  const later = events.filter(({ at }) => at > (record?.at ?? 0));
  const since = record?.at ?? events[0]?.at;
  const { past } = later.reduce<Fold>((fold, event) => {
    const at = event.at + offset;
    switch (event.status) {
      case 'start':
        return { ...afterStart(fold, at, sandboxEnds, settings), isRunning: true, startedAt: at };
      case 'died':
        // podman 4.3.1 sends some events twice.
        return fold.isRunning ? { ...fold, isRunning: false, end: endAt(fold, event, at) } : fold;
      default:
        return fold;
    }
  }, begin);
  return { ...past, ...defined({ recordedAt: since === undefined ? undefined : since + offset }) };
}

/** What was known when it was recorded. */
function foldOf(record: WatcherRecord, offset: number, scale: number): Fold {
  const { restarts, backOff, startedAt, lastEnd, failedStart } = record;
  const failed: EndedRun | undefined =
    failedStart === undefined
      ? undefined
      : {
          ...{ kind: 'ended', exitCode: START_FAILED, reason: 'StartError' },
          ...{ finishedAt: failedStart.finishedAt + offset, message: failedStart.message },
        };
  return {
    past: {
      restarts,
      ...defined({
        backOff:
          backOff === undefined
            ? undefined
            : { seconds: backOff.seconds, restartedAt: (backOff.restartedAt + offset) / scale },
        lastEnd: lastEnd === undefined ? undefined : endOf(lastEnd, offset),
        failedStart: failed,
      }),
    },
    isRunning: failed === undefined,
    hasRun: true,
    ...defined({ startedAt: startedAt === undefined ? undefined : startedAt + offset, end: failed }),
  };
}

function endOf({ exitCode, reason, startedAt, finishedAt, message }: RecordedEnd, offset: number): EndedRun {
  return {
    kind: 'ended',
    exitCode,
    reason,
    finishedAt: finishedAt === undefined ? -Infinity : finishedAt + offset,
    ...defined({ startedAt: startedAt === undefined ? undefined : startedAt + offset, message }),
  };
}

/** A container whose pod was stopped since its last start was started again by the user, who causes no back-off. */
function afterStart(fold: Fold, at: number, sandboxEnds: readonly number[], settings: WatchSettings): Fold {
  if (!fold.hasRun) return { ...fold, hasRun: true };
  const { end, past, startedAt = -Infinity } = fold;
  const isByUser = sandboxEnds.some((ended) => ended > startedAt && ended < at);
  if (end !== undefined && !isByUser) return { ...fold, past: pastAfterRestart(past, end, at, settings) };
  return { ...fold, past: { ...past, restarts: past.restarts + 1, ...defined({ lastEnd: end }) } };
}

function endAt({ startedAt }: Fold, { exitCode = 0 }: ContainerEvent, finishedAt: number): EndedRun {
  return {
    kind: 'ended',
    ...(startedAt === undefined ? {} : { startedAt }),
    finishedAt,
    exitCode,
    reason: exitCode === 0 ? 'Completed' : 'Error',
  };
}
