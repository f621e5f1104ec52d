import { setTimeout as sleep } from 'node:timers/promises';
import { get } from './network.ts';

export interface Asking {
  /** Ends the asking, and tells how it went. */
  readonly stop: () => Promise<{ readonly hasAnswered: boolean; readonly failures: readonly string[] }>;
}

/** Makes one request after the other, so that no moment without a server goes unseen. */
export function askAgainAndAgain(url: string): Asking {
  const failures: string[] = [];
  const stop = new AbortController();
  let answers = 0;
  const asking = (async () => {
    while (!stop.signal.aborted) {
      await get(url).then(
        ({ status }) => (status === 200 ? answers++ : failures.push(status.toString())),
        (error: unknown) => failures.push(String(error)),
      );
      await sleep(50);
    }
  })();
  return {
    stop: async () => {
      stop.abort();
      await asking;
      return { hasAnswered: answers > 0, failures };
    },
  };
}
