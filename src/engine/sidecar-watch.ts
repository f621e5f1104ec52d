import type { SidecarWatch } from '../apply/context.ts';
import { abortController, anyOf } from '../base/abort.ts';
import type { WatchSettings } from '../kubelet/watched.ts';
import { containerName } from '../podman/names.ts';
import { sightOfPodman, sightOfWatcher, untilAvailable } from './await-ready.ts';
import { addCommandEvent } from './saved-reports.ts';
import type { Engine } from './engine.ts';
import type { Watch } from './watch-options.ts';
import { watchProject } from './watch.ts';
import type { WatchedStatus } from './watch-report.ts';

/** How often a sidecar that is waited for is looked up. */
const POLL_MILLISECONDS = 50;

export interface SidecarWatching extends SidecarWatch {
  /** Resolves when no start is under way. */
  readonly end: () => Promise<void>;
}

/**
 * Watches the sidecars that a plan has started, and the pods of rollouts, while it is applied: their probes run, and those that end are restarted with
 * the back-off of Kubernetes. The lock of the project is held meanwhile, so that no other watcher restarts them.
 * @param settings undefined if podman restarts the containers: the plan then waits for no probe
 */
export function watchSidecars(
  engine: Engine,
  project: string,
  settings: WatchSettings | undefined,
): SidecarWatching {
  const { clock } = engine.platform;
  const names = new Set<string>();
  const over = abortController();
  let watch: Watch | undefined;
  const add = (name: string) => {
    if (settings === undefined) return;
    names.add(name);
    watch ??= watchProject(engine, {
      project,
      settings,
      onNotice: (notice) => {
        addCommandEvent(engine.platform, project, notice);
      },
      onTrouble: () => undefined,
      stop: over.signal,
      only: names,
    });
    watch.look();
  };
  return {
    add,
    untilStarted: async (name, onWait, stop) => {
      add(name);
      const signal = anyOf(stop, over.signal);
      let last = '';
      while (!signal.aborted) {
        const status = watch?.statuses()?.find((one) => nameOf(one) === name);
        if (status?.probed?.started === true) return true;
        const words = status === undefined ? '' : wordsOf(status);
        if (words !== last) onWait(words);
        last = words;
        await clock.sleep(POLL_MILLISECONDS, signal);
      }
      return false;
    },
    untilReady: (awaited, onWait, stop) => {
      const { name } = awaited;
      add(name);
      const status = () => watch?.statuses()?.find((one) => nameOf(one) === name);
      const sight = settings === undefined ? sightOfPodman(engine, project, name) : sightOfWatcher(status);
      return untilAvailable(sight, awaited, clock, onWait, anyOf(stop, over.signal));
    },
    end: async () => {
      over.abort();
      await watch?.ended;
    },
  };
}

function nameOf({ pod, container }: WatchedStatus): string {
  return containerName({ name: pod }, { name: container });
}

/** As in `startup GET :8080/ -> 503, 1 of 3 failed; restarted 2 times`. */
function wordsOf({ probed, restarts, end }: WatchedStatus): string {
  const [startup = ''] = probed?.words ?? [];
  const ended = end === undefined ? '' : `; ${end.reason} with exit code ${end.exitCode}`;
  const times = restarts === 1 ? 'once' : `${restarts} times`;
  return `${startup}${ended}${restarts === 0 ? '' : `; restarted ${times}`}`;
}
