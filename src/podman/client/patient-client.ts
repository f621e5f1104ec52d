import { firstOf } from '../../base/abort.ts';
import type { PodmanClient } from './client.ts';

/** What a question to podman waits for, and for how long. */
export interface QuerySettings {
  /** Resolves after so many milliseconds, or at once when the signal is given. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Called once, when the first query has had no answer for `NOTICE_SECONDS`. */
  readonly onWaiting: (program: string, args: readonly string[]) => void;
  /** Given when no answer is wanted any more. */
  readonly cancel?: AbortSignal;
}

/** After how many seconds a person is told what is being waited for. */
const NOTICE_SECONDS = 5;

/** How many seconds podman may take to answer. On a busy machine it can take half a minute, for example after a reboot. */
const LIMIT_SECONDS = 120;

/**
 * A client for queries: says what is waited for when podman takes long, ends a query at its time limit, and when no
 * answer is wanted any more.
 */
export function patientClient(
  podman: PodmanClient,
  { sleep, onWaiting, cancel }: QuerySettings,
): PodmanClient {
  let isTold = false;
  return {
    ...podman,
    query: async (query, signal) => {
      const limit = new AbortController();
      const answered = new AbortController();
      void sleep(NOTICE_SECONDS * 1000, answered.signal).then(() => {
        if (answered.signal.aborted || cancel?.aborted === true || isTold) return;
        isTold = true;
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
