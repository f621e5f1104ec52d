import { abortController, aborted, anyOf } from '../base/abort.ts';
import { defined } from '../base/defined.ts';
import type { WatchSettings } from '../kubelet/watched.ts';
import type { EndedContainer, Engine } from './engine.ts';
import { jobRunner } from './run-jobs.ts';
import { podRestarter } from './restart-pod.ts';
import { askWatcher, runWatcher, type WatcherEnd } from './project-watcher.ts';
import type { Watch } from './watch-options.ts';
import type { WatchedStatus, WatchReport } from './watch-report.ts';

/** How this process restarts the containers while it follows their logs. */
export interface AttachedWatch {
  readonly settings: WatchSettings;
  /** The version of podpose. */
  readonly version: string;
  /** Pods whose deadlines are kept beside the watch. */
  readonly isStoppedElsewhere?: (pod: string) => boolean;
}

/** The watch of a process that follows the logs at the same time. */
export interface AttachedWatching {
  /** Whether this process watches, and reports each end before a restart. */
  readonly isWatching: () => boolean;
  /** Whether an end of the container before a restart has been reported: the logs may be behind. */
  readonly hasReported: (container: Pick<EndedContainer, 'pod' | 'container'>) => boolean;
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
  { settings, version, isStoppedElsewhere }: AttachedWatch,
): AttachedWatching {
  const { host } = engine;
  const over = abortController();
  const ending = anyOf(stop, over.signal);
  let watching: Watch | undefined;
  let isOver = false;
  let elsewhere: AttachedWatching['willRestart'] | undefined;
  const ended = abortController();
  const closed = abortController();
  const reported = new Set<string>();
  const watchOnce = (isYielding?: true) =>
    runWatcher(engine, {
      ...{ project, settings, version, restartPod: podRestarter(engine, project, settings) },
      ...defined({ isYielding, isStoppedElsewhere }),
      runJob: jobRunner(engine, project, settings),
      patience: PATIENCE_MILLISECONDS,
      stop: ending,
      onNotice: (notice) => {
        // The process that follows the logs reports an end for good.
        if (notice.kind === 'ended' && notice.waitSeconds === undefined) return;
        if (notice.kind === 'ended') reported.add(`${notice.pod}/${notice.container}`);
        host.emit({ kind: 'watched', notice });
      },
      // podpose reports elsewhere that podman does not answer.
      onTrouble: () => undefined,
      onWatch: (watch) => {
        if (elsewhere !== undefined) host.emit({ kind: 'watching-again', project });
        elsewhere = undefined;
        watching = watch;
      },
      onEnded: async (end) => {
        ended.abort();
        // While the pods are being stopped, nobody has to watch.
        if (end === 'stopped') await aborted(closed.signal);
      },
    });
  const watchOn = async () => {
    let last: string | undefined;
    for (let end = await watchOnce(); ; end = await watchOnce(true)) {
      if (!end.ok) host.emit({ kind: 'diagnostics', diagnostics: end.error.diagnostics });
      if (!end.ok || ending.aborted || !isElsewhere(end.value)) break;
      watching = undefined;
      elsewhere ??= otherWatcher(engine, project);
      if (end.value !== last)
        host.emit({ kind: 'watched-elsewhere', project, isAnswering: end.value !== 'busy' });
      last = end.value;
      if (!(await untilUnwatched(engine, project, ending))) break;
    }
    isOver = true;
  };
  const running = watchOn();
  return {
    isWatching: () => elsewhere === undefined && !isOver,
    hasReported: ({ pod, container }) => reported.has(`${pod}/${container}`),
    willRestart: (id) => {
      if (isOver) return false;
      if (elsewhere !== undefined) return elsewhere(id);
      const statuses = watching?.statuses();
      return statuses === undefined ? undefined : willRestartIn(statuses, id);
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

/** How long a report of another process is used, and after how long it is asked again, in milliseconds. */
const REPORT_AGES = { longest: 1000, fresh: 200 } as const;

/** Whether the process that watches now restarts a container; undefined while it does not respond. */
function otherWatcher({ platform }: Engine, project: string): AttachedWatching['willRestart'] {
  const { clock } = platform;
  let last: { readonly at: number; readonly report: WatchReport } | undefined;
  let asking: Promise<void> | undefined;
  const ask = async () => {
    const report = await askWatcher(platform, project);
    if (report !== undefined) last = { at: clock.now(), report };
    asking = undefined;
  };
  return (id) => {
    const age = last === undefined ? Infinity : clock.now() - last.at;
    if (age > REPORT_AGES.fresh) asking ??= ask();
    return last === undefined || age > REPORT_AGES.longest ? undefined : willRestartBy(last.report, id);
  };
}

/** How often the other process is asked whether it watches, in milliseconds, and how many requests it may leave unanswered. */
const OTHER = { poll: 2000, unanswered: 2 } as const;

/** Waits until no other process answers for the watcher. Returns false at the signal. */
async function untilUnwatched({ platform }: Engine, project: string, stop: AbortSignal): Promise<boolean> {
  for (let unanswered = 0; unanswered < OTHER.unanswered && !stop.aborted;) {
    await platform.clock.sleep(OTHER.poll, stop);
    unanswered = (await askWatcher(platform, project)) === undefined ? unanswered + 1 : 0;
  }
  return !stop.aborted;
}

function isElsewhere(end: WatcherEnd): boolean {
  return end === 'busy' || end === 'replaced' || end === 'watched';
}

/** Exported for tests. */
export function willRestartBy({ containers, isEnding }: WatchReport, id: string): boolean | undefined {
  if (isEnding === true) return false;
  // Before its first look, a watcher knows no container.
  return containers.length === 0 ? undefined : willRestartIn(containers, id);
}

function willRestartIn(statuses: readonly WatchedStatus[], id: string): boolean | undefined {
  const status = statuses.find((one) => one.id === id);
  return status === undefined ? false : willRestart(status);
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
