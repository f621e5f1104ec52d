import type { EnginePlatform } from './engine.ts';
import { askWatcher } from './project-watcher.ts';

/** The time for which endpoints are waited for, in milliseconds. A watcher sets them within a tenth of a second. */
const LONGEST_MILLISECONDS = 5000;
const POLL_MILLISECONDS = 50;

/**
 * Waits until the endpoints of all Services are the pods that are ready: a watcher sets them after it has seen that a pod is
 * ready. It does not fail: a watcher that cannot set them reports that itself.
 */
export async function waitForEndpoints(
  platform: Pick<EnginePlatform, 'clock' | 'sockets'>,
  project: string,
  stop: AbortSignal,
): Promise<void> {
  const { clock } = platform;
  const end = clock.now() + LONGEST_MILLISECONDS;
  while (!stop.aborted && clock.now() < end) {
    const report = await askWatcher(platform, project);
    // A watcher of an earlier version does not tell.
    if (report?.areEndpointsPending !== true) return;
    await clock.sleep(POLL_MILLISECONDS, stop);
  }
}
