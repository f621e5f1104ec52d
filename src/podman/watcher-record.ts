import { defined } from '../base/defined.ts';
import { isObject } from '../base/json-members.ts';
import { parseJson } from '../base/parse-json.ts';
import { stableJson } from '../base/stable-json.ts';
import type { ObservedContainer } from './inspect/observed.ts';
import { LABEL, WATCHER_RECORD_LABEL } from './labels.ts';

/**
 * What podman itself does not keep of the restarts of a container: failed starts leave no event, and podman's event log is
 * rotated. The watcher writes it to the record container. An init container that is replaced after a failure is another one
 * for podman: its successor has the record itself. Times are milliseconds since 1970.
 */
export interface WatcherRecord {
  /** podman's events from then on are counted in addition. On an init container, the end of the run before. */
  readonly at: number;
  readonly restarts: number;
  readonly backOff?: { readonly seconds: number; readonly restartedAt: number };
  /** The start of the run that goes on; absent if its last start has failed. */
  readonly startedAt?: number;
  /** The end of the run before the last. */
  readonly lastEnd?: RecordedEnd;
  /** The last start has failed. */
  readonly failedStart?: { readonly finishedAt: number; readonly message: string };
}

export interface RecordedEnd {
  readonly exitCode: number;
  readonly reason: string;
  readonly startedAt?: number;
  /** Absent if it is unknown. */
  readonly finishedAt?: number;
  readonly message?: string;
}

/** Of an error message of podman, in characters. */
const LONGEST_MESSAGE = 500;

export function encodeWatcherRecord(record: WatcherRecord): string {
  return stableJson({
    ...record,
    ...defined({
      lastEnd: record.lastEnd === undefined ? undefined : shortened(record.lastEnd),
      failedStart: record.failedStart === undefined ? undefined : shortened(record.failedStart),
    }),
  });
}

function shortened<T extends { readonly message?: string }>(end: T): T {
  return end.message === undefined ? end : { ...end, message: end.message.slice(0, LONGEST_MESSAGE) };
}

/** The records of the containers that they describe, by podman's ID. */
export function watcherRecords(
  containers: readonly Pick<ObservedContainer, 'owner' | 'labels'>[],
): ReadonlyMap<string, WatcherRecord> {
  return new Map(
    containers.flatMap(({ owner, labels }) => {
      const id = labels[LABEL.recordOf];
      const record =
        owner?.role === 'note' ? decodeWatcherRecord(labels[WATCHER_RECORD_LABEL] ?? '') : undefined;
      return id === undefined || record === undefined ? [] : [[id, record] as const];
    }),
  );
}

/** Decodes a record; undefined for any other text. */
export function decodeWatcherRecord(text: string): WatcherRecord | undefined {
  const value = parseJson(text);
  if (!isObject(value)) return undefined;
  const { at, restarts, backOff, startedAt, lastEnd, failedStart } = value;
  if (!isNumber(at) || !isNumber(restarts)) return undefined;
  return {
    at,
    restarts,
    ...defined({
      backOff: decodeBackOff(backOff),
      startedAt: isNumber(startedAt) ? startedAt : undefined,
      lastEnd: decodeEnd(lastEnd),
      failedStart: decodeFailedStart(failedStart),
    }),
  };
}

function decodeBackOff(value: unknown): WatcherRecord['backOff'] {
  if (!isObject(value)) return undefined;
  const { seconds, restartedAt } = value;
  return isNumber(seconds) && isNumber(restartedAt) ? { seconds, restartedAt } : undefined;
}

function decodeEnd(value: unknown): RecordedEnd | undefined {
  if (!isObject(value)) return undefined;
  const { exitCode, reason, startedAt, finishedAt, message } = value;
  if (!isNumber(exitCode) || typeof reason !== 'string') return undefined;
  return {
    exitCode,
    reason,
    ...defined({
      startedAt: isNumber(startedAt) ? startedAt : undefined,
      finishedAt: isNumber(finishedAt) ? finishedAt : undefined,
      message: typeof message === 'string' ? message : undefined,
    }),
  };
}

function decodeFailedStart(value: unknown): WatcherRecord['failedStart'] {
  if (!isObject(value)) return undefined;
  const { finishedAt, message } = value;
  return isNumber(finishedAt) && typeof message === 'string' ? { finishedAt, message } : undefined;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
