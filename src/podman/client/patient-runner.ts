import { firstOf } from '../../base/abort.ts';
import type { ProcessRunner } from '../../platform/process.ts';

/** What a question to podman waits for, and for how long. */
export interface QuestionSettings {
  /** Resolves after so many milliseconds, or at once when the signal is given. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Called once, when the first question has had no answer for `NOTICE_SECONDS`. */
  readonly onWaiting: (program: string, args: readonly string[]) => void;
  /** Given when no answer is wanted any more. */
  readonly cancel?: AbortSignal;
}

/** After how many seconds a person is told what is being waited for. */
const NOTICE_SECONDS = 5;

/** How many seconds podman may take to answer. On a busy machine it can take half a minute, for example after a reboot. */
const LIMIT_SECONDS = 120;

/**
 * A runner for questions that change nothing: says what is waited for when podman takes long, ends a question at its time
 * limit, and when no answer is wanted any more.
 */
export function patientRunner(
  run: ProcessRunner,
  { sleep, onWaiting, cancel }: QuestionSettings,
): ProcessRunner {
  let isTold = false;
  return {
    ...run,
    query: async (program, args, signal) => {
      const limit = new AbortController();
      const answered = new AbortController();
      void sleep(NOTICE_SECONDS * 1000, answered.signal).then(() => {
        if (answered.signal.aborted || cancel?.aborted === true || isTold) return;
        isTold = true;
        onWaiting(program, args);
      });
      void sleep(LIMIT_SECONDS * 1000, answered.signal).then(() => {
        if (!answered.signal.aborted) limit.abort();
      });
      const first = firstOf(limit.signal, cancel, signal);
      const answer = await run.query(program, args, first.signal);
      first.release();
      answered.abort();
      return limit.signal.aborted && answer.kind === 'signalled'
        ? { ...answer, kind: 'timed-out', seconds: LIMIT_SECONDS }
        : answer;
    },
  };
}
