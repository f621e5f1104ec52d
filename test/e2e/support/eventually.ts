import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Retries until the function returns a value without failing. After the given number of seconds, the last failure is
 * the test's, and part of its message: a test runner may not print the cause.
 */
export async function eventually<T>(
  what: string,
  attempt: () => Promise<T | undefined> | T | undefined,
  seconds = 40,
): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  let last: unknown;
  do {
    try {
      const found = await attempt();
      if (found !== undefined) return found;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await sleep(100);
  } while (performance.now() < deadline);
  const reason = last instanceof Error ? `\n${last.message}` : '';
  throw new Error(`not within ${seconds} s: ${what}${reason}`, { cause: last });
}
