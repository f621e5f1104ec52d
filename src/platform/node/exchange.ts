import type { NetworkLimit } from '../network.ts';

/**
 * One exchange over the network within a limit. It settles once, with the first answer, and is then ended: nothing of
 * it stays open.
 * @param late the answer at the limit
 * @param begin begins the exchange and returns what ends it
 */
export async function exchange<T>(
  { milliseconds, cancel }: NetworkLimit,
  late: T | (() => T),
  begin: (settle: (answer: T) => void) => () => void,
): Promise<T> {
  return new Promise((resolve) => {
    const ends: (() => void)[] = [];
    const over = new AbortController();
    const settle = (answer: T) => {
      if (over.signal.aborted) return;
      over.abort();
      clearTimeout(timer);
      cancel.removeEventListener('abort', giveUp);
      for (const end of ends) end();
      resolve(answer);
    };
    const giveUp = () => {
      settle(late instanceof Function ? late() : late);
    };
    const timer = setTimeout(giveUp, milliseconds);
    cancel.addEventListener('abort', giveUp, { once: true });
    if (cancel.aborted) {
      giveUp();
      return;
    }
    const end = begin(settle);
    ends.push(end);
    // It has failed while it began.
    if (over.signal.aborted) end();
  });
}
