import type { DesiredPod } from '../kube/spec/desired.ts';
import type { Clock } from '../platform/clock.ts';
import type { ContainersAndPods } from '../podman/inspect/decode.ts';
import { readinessOf, type Readiness, type Wait } from './pod-readiness.ts';

const POLL_MILLISECONDS = 250;

export interface WaitContext {
  readonly project: string;
  /** Containers are inspected. */
  readonly observe: () => Promise<ContainersAndPods>;
  readonly clock: Pick<Clock, 'sleep'>;
  /** Milliseconds since 1970. */
  readonly today: () => number;
  /** Called each time with what is new. */
  readonly onWait: (waits: readonly Wait[]) => void;
  /** The end of the wait. */
  readonly stop: AbortSignal;
}

/** Polls until every pod is Ready or Succeeded, until a container has failed for good, or until the signal. */
export async function waitForReady(pods: readonly DesiredPod[], context: WaitContext): Promise<Readiness> {
  const { project, observe, clock, today, onWait, stop } = context;
  let shown = '';
  for (;;) {
    const readiness = readinessOf(project, pods, await observe(), today() / 1000);
    const { hasFailed, waits } = readiness;
    if (hasFailed || waits.length === 0 || stop.aborted) return readiness;
    const text = JSON.stringify(waits);
    if (text !== shown) onWait(waits);
    shown = text;
    await clock.sleep(POLL_MILLISECONDS, stop);
  }
}
