import { abortController, aborted, anyOf } from '../base/abort.ts';
import type { WatchSettings } from '../kubelet/watched.ts';
import type { Engine } from './engine.ts';
import { jobRunner } from './run-jobs.ts';
import { podRestarter } from './restart-pod.ts';
import { runWatcher } from './project-watcher.ts';
import type { Watch } from './watch-options.ts';
import type { WatchedStatus } from './watch-report.ts';

/** How this process restarts the containers while it follows their logs. */
export interface AttachedWatch {
  readonly settings: WatchSettings;
  /** The version of podpose. */
  readonly version: string;
}

/** The watch of a process that follows the logs at the same time. */
export interface AttachedWatching {
  /** Whether a container that has ended will be restarted; undefined while the watch has not seen the end. */
  readonly willRestart: (id: string) => boolean | undefined;
  /** Ends the watch. Resolves when no start is under way. This process still answers for the watcher until `close`. */
  readonly end: () => Promise<void>;
  /** Nobody watches from now on. */
  readonly close: () => void;
}

/** How long to wait for the process that watched before, in milliseconds. */
const PATIENCE_MILLISECONDS = 5000;

/** Watches a project, in the place of a process in the background. */
export function watchAttached(
  engine: Engine,
  project: string,
  stop: AbortSignal,
  { settings, version }: AttachedWatch,
): AttachedWatching {
  const { host } = engine;
  const over = abortController();
  let watching: Watch | undefined;
  let isOver = false;
  const ended = abortController();
  const closed = abortController();
  const running = runWatcher(engine, {
    ...{ project, settings, version, restartPod: podRestarter(engine, project, settings) },
    runJob: jobRunner(engine, project, settings),
    patience: PATIENCE_MILLISECONDS,
    stop: anyOf(stop, over.signal),
    onNotice: (notice) => {
      // The process that follows the logs reports an end for good.
      if (notice.kind !== 'ended' || notice.waitSeconds !== undefined) host.emit({ kind: 'watched', notice });
    },
    // podpose reports elsewhere that podman does not answer.
    onTrouble: () => undefined,
    onWatch: (watch) => {
      watching = watch;
    },
    onEnded: async (end) => {
      ended.abort();
      // While the pods are being stopped, nobody has to watch.
      if (end === 'stopped') await aborted(closed.signal);
    },
  }).then((end) => {
    isOver = true;
    if (end.ok && end.value === 'busy') host.emit({ kind: 'watched-elsewhere', project });
  });
  return {
    willRestart: (id) => {
      if (isOver) return false;
      const statuses = watching?.statuses();
      if (statuses === undefined) return undefined;
      const status = statuses.find((one) => one.id === id);
      return status === undefined ? false : willRestart(status);
    },
    end: async () => {
      over.abort();
      await Promise.race([running, aborted(ended.signal)]);
      isOver = true;
    },
    close: () => {
      closed.abort();
    },
  };
}

/** Exported for tests. */
export function willRestart({
  end,
  restartAt,
  waitSeconds,
  isResetting,
  isNeverRestarted,
}: WatchedStatus): boolean | undefined {
  if (restartAt !== undefined || waitSeconds !== undefined || isResetting === true) return true;
  return end === undefined && isNeverRestarted !== true ? undefined : false;
}
