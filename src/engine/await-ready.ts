import { secondsUntilAvailable } from '../kube/status/availability.ts';
import { missingProbe } from '../kube/status/missing-probe.ts';
import { observeProject } from '../podman/inspect/observe-containers.ts';
import type { AwaitedReadiness } from '../podman/operations/definition.ts';
import type { Engine } from './engine.ts';
import type { WatchedStatus } from './watch-report.ts';

const POLL_MILLISECONDS = 100;
const POLL_OF_PODMAN_MILLISECONDS = 500;

/** What is known of a container that is waited for. */
interface Seen {
  readonly isReady: boolean;
  readonly restarts: number;
  /** What it waits for, in a few words. */
  readonly words: string;
}

/** How a container is seen: by the watcher of this process, or by podman's list where there is none. */
export interface Sight {
  readonly look: () => Promise<Seen | undefined>;
  readonly pollMilliseconds: number;
}

/** Waits until a container is available, or for the signal. Returns whether it is. */
export async function untilAvailable(
  { look, pollMilliseconds }: Sight,
  { isProbed, minReadySeconds }: Pick<AwaitedReadiness, 'isProbed' | 'minReadySeconds'>,
  clock: Engine['platform']['clock'],
  onWait: (words: string) => void,
  stop: AbortSignal,
): Promise<boolean> {
  let last = '';
  let readySince: number | undefined;
  for (;;) {
    const seen = await look();
    // A function of the signal: it may have aborted meanwhile.
    if (stop.aborted) return false;
    readySince = seen?.isReady === true ? (readySince ?? clock.now()) : undefined;
    if (seen !== undefined && readySince !== undefined) {
      const seconds = secondsUntilAvailable({ isProbed, minReadySeconds, restarts: seen.restarts });
      if (clock.now() - readySince >= seconds * 1000) return true;
    }
    const words = seen?.words ?? '';
    if (words !== last) onWait(words);
    last = words;
    await clock.sleep(pollMilliseconds, stop);
  }
}

/** @param status what the watcher of this process says; undefined before it has seen the container */
export function sightOfWatcher(status: () => WatchedStatus | undefined): Sight {
  return {
    pollMilliseconds: POLL_MILLISECONDS,
    look: () => {
      const found = status();
      return Promise.resolve(
        found === undefined
          ? undefined
          : {
              isReady: found.end === undefined && (found.probed?.ready ?? true),
              restarts: found.restarts,
              words: wordsOf(found),
            },
      );
    },
  };
}

/** Without a watcher, a container is ready as soon as it runs. */
export function sightOfPodman({ podman }: Pick<Engine, 'podman'>, project: string, name: string): Sight {
  return {
    pollMilliseconds: POLL_OF_PODMAN_MILLISECONDS,
    look: async () => {
      const observed = await observeProject(podman, project);
      const found = observed.ok ? observed.value.containers.find((one) => one.name === name) : undefined;
      if (found === undefined) return undefined;
      const isReady = found.state === 'running';
      return { isReady, restarts: 0, words: isReady ? '' : found.state };
    },
  };
}

/** As in `readiness GET :8080/ -> 503, 1 of 3 failed; Error with exit code 1; restarted 2 times`. */
function wordsOf({ probed, restarts, end }: WatchedStatus): string {
  const missing = probed && missingProbe({ restarts, ...probed, probes: probed.words });
  const ended = end === undefined ? undefined : `${end.reason} with exit code ${end.exitCode}`;
  const times = restarts === 1 ? 'once' : `${restarts} times`;
  const restarted = restarts === 0 ? undefined : `restarted ${times}`;
  return [missing, ended, restarted].filter((words) => words !== undefined).join('; ');
}
