import { setTimeout as sleep } from 'node:timers/promises';
import { get } from './network.ts';

export interface Asking {
  /** Stops the requests and returns their results. */
  readonly stop: () => Promise<{ readonly hasAnswered: boolean; readonly failures: readonly string[] }>;
}

/** Sends requests one after the other, so that every moment without a server is noticed. */
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
