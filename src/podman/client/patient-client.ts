import { firstOf } from '../../base/abort.ts';
import type { PodmanClient } from './client.ts';

/** Time limits and cancellation of queries. */
export interface QuerySettings {
  /** Resolves after the given number of milliseconds, or as soon as the signal aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Called once, when a query has not been answered for `NOTICE_SECONDS`. */
  readonly onWaiting: (program: string, args: readonly string[]) => void;
  /** Aborted when no answer is needed any more. */
  readonly cancel?: AbortSignal;
}

/** The number of seconds after which the user is told about a slow query. */
const NOTICE_SECONDS = 5;

/**
 * The time limit of a query, in seconds. On a busy machine, an answer can take half a minute, for example after a
 * reboot.
 */
const LIMIT_SECONDS = 120;

/** A client for queries that reports slow queries, and ends a query at its time limit or on cancellation. */
export function patientClient(
  podman: PodmanClient,
  { sleep, onWaiting, cancel }: QuerySettings,
): PodmanClient {
  let isReported = false;
  return {
    ...podman,
    query: async (query, signal) => {
      const limit = new AbortController();
      const answered = new AbortController();
      void sleep(NOTICE_SECONDS * 1000, answered.signal).then(() => {
        if (answered.signal.aborted || cancel?.aborted === true || isReported) return;
        isReported = true;
        onWaiting(podman.program, query.args);
      });
      void sleep(LIMIT_SECONDS * 1000, answered.signal).then(() => {
        if (!answered.signal.aborted) limit.abort();
      });
      const first = firstOf(limit.signal, cancel, signal);
      const answer = await podman.query(query, first.signal);
      first.release();
      answered.abort();
      return limit.signal.aborted && answer.kind === 'signalled'
        ? { ...answer, kind: 'timed-out', seconds: LIMIT_SECONDS }
        : answer;
    },
  };
}
