import type { DesiredPod } from '../kube/spec/desired.ts';
import type { Clock } from '../platform/clock.ts';
import type { ContainersAndPods } from '../podman/inspect/decode.ts';
import { readinessOf, type Readiness, type Wait } from './pod-readiness.ts';

const POLL_MILLISECONDS = 250;

export interface WaitContext {
  readonly project: string;
  /** Whether there is a watcher, which finds out whether containers are ready. */
  readonly isWatched: boolean;
  /** Containers are inspected. */
  readonly observe: () => Promise<ContainersAndPods>;
  readonly clock: Pick<Clock, 'sleep'>;
  /** Milliseconds since 1970. */
  readonly today: () => number;
  /** Called each time with what is new: a wait that has not changed is not repeated. */
  readonly onWait: (waits: readonly Wait[]) => void;
  /** The end of the wait. */
  readonly stop: AbortSignal;
}

/**
 * Polls until every pod is Ready or Succeeded, until a container has failed for good, or until the signal; also until all
 * that is left is unknown, and stays so.
 */
export async function waitForReady(pods: readonly DesiredPod[], context: WaitContext): Promise<Readiness> {
  const { project, isWatched, observe, clock, today, onWait, stop } = context;
  let shown: ReadonlySet<string> = new Set();
  for (;;) {
    const readiness = readinessOf(project, pods, await observe(), today() / 1000);
    const { hasFailed, waits } = readiness;
    if (hasFailed || waits.length === 0 || stop.aborted) return readiness;
    if (staysUnknown(readiness, isWatched)) return readiness;
    const before = shown;
    const news = waits.filter((wait) => !before.has(JSON.stringify(wait)));
    if (news.length > 0) onWait(news);
    shown = new Set(waits.map((wait) => JSON.stringify(wait)));
    await clock.sleep(POLL_MILLISECONDS, stop);
  }
}

/** Whether all that is waited for is the result of probes that nobody runs. */
export function staysUnknown({ hasFailed, waits }: Readiness, isWatched: boolean): boolean {
  if (hasFailed || waits.length === 0) return false;
  return waits.every(({ unknown }) => unknown === 'unwatched' || (unknown === 'unanswered' && !isWatched));
}
