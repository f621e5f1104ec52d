import { abortController, aborted, anyOf } from '../base/abort.ts';
import { defined } from '../base/defined.ts';
import { success } from '../base/result.ts';
import { lastingContainers } from '../kube/spec/restart-policy.ts';
import { isWatched } from '../kube/spec/watched-container.ts';
import type { DesiredPod } from '../kube/spec/desired.ts';
import type { WatchNotice } from '../kubelet/watched.ts';
import type { LockAnswer } from '../platform/platform.ts';
import type { Engine, EnginePlatform } from './engine.ts';
import { failed, type EngineResult } from './failure.ts';
import { savedReport, saveReport } from './saved-reports.ts';
import { eventKeeper } from './watch-events.ts';
import type { Watch, WatchOptions } from './watch-options.ts';
import { watchProject } from './watch.ts';
import { decodeReport, type WatchReport } from './watch-report.ts';

/*
 * At most one process watches a project: it holds a lock and listens at a socket. Each request is a word, each response
 * its report.
 */

/** `look`: look at podman now. `events`: with its events. `quit`: end, another process takes over. */
export type WatchRequest = 'status' | 'look' | 'events' | 'quit';

/** The time limit for a report. */
const REPORT_MILLISECONDS = 200;

/** The name of the lock, the socket and the log of a project's watcher. */
export function watcherName(project: string): string {
  return `${project}.watcher`;
}

/** The report of the process that watches a project; undefined if there is none, or it does not answer. */
export async function askWatcher(
  { sockets }: Pick<EnginePlatform, 'sockets'>,
  project: string,
  request: WatchRequest = 'status',
): Promise<WatchReport | undefined> {
  const answer = await sockets.ask(watcherName(project), request, REPORT_MILLISECONDS);
  return answer === undefined ? undefined : decodeReport(answer);
}

/** How long a process in the background may take to answer after its start, in milliseconds. */
const START_MILLISECONDS = 2000;

/** The report of the process that watches a project, also if it has just been started: `up -d` does not wait for it. */
export async function askStartingWatcher(
  platform: Pick<EnginePlatform, 'runtimeFiles' | 'sockets' | 'clock' | 'today'>,
  project: string,
): Promise<WatchReport | undefined> {
  const { clock, runtimeFiles, today } = platform;
  const report = await askWatcher(platform, project);
  if (report !== undefined) return report;
  const startedAt = Number(runtimeFiles.read(startFile(project)) ?? -Infinity);
  const left = startedAt + START_MILLISECONDS - today();
  // If the clock was set back, nothing is known of the start.
  if (!(left > 0 && left <= START_MILLISECONDS)) return undefined;
  for (const until = clock.now() + left; clock.now() < until;) {
    await clock.sleep(TRY_AGAIN_MILLISECONDS, new AbortController().signal);
    const begun = await askWatcher(platform, project);
    if (begun !== undefined) return begun;
  }
  return undefined;
}

/** The file with the time at which a process in the background was started, in milliseconds since 1970. */
function startFile(project: string): string {
  return `${watcherName(project)}.start`;
}

/** Whether the containers of a pod need a watcher. */
export function needsWatcher(pod: DesiredPod): boolean {
  return lastingContainers(pod).some(isWatched);
}

/**
 * Has a process in the background watch a project, unless one of the same version does. Does not wait for it.
 * @param args the arguments of podpose for that process
 * @returns the error if no process can be started
 */
export async function ensureWatcher(
  platform: Pick<EnginePlatform, 'background' | 'runtimeFiles' | 'sockets' | 'lock' | 'clock' | 'today'>,
  project: string,
  version: string,
  args: readonly string[],
): Promise<string | undefined> {
  const running = await askWatcher(platform, project, 'look');
  if (isWatching(running, version)) return undefined;
  if (running !== undefined) await askWatcher(platform, project, 'quit');
  else if (await isHanging(platform, project)) return 'another process watches them and does not answer';
  platform.runtimeFiles.write(startFile(project), platform.today().toString());
  return platform.background.start(args, watcherName(project));
}

/** How long a process that holds the lock of the watcher may take to answer, in milliseconds: it may have just begun. */
const BEGIN_MILLISECONDS = 2000;

/** Whether a process holds the lock of the watcher and answers nothing, as one that was stopped (SIGSTOP). */
async function isHanging(
  platform: Pick<EnginePlatform, 'sockets' | 'lock' | 'clock'>,
  project: string,
): Promise<boolean> {
  const until = platform.clock.now() + BEGIN_MILLISECONDS;
  for (;;) {
    const answer = await platform.lock(watcherName(project), 'podpose');
    if (!answer.ok) return false;
    if (answer.value.kind === 'taken') {
      answer.value.release();
      return false;
    }
    if ((await askWatcher(platform, project)) !== undefined) return false;
    if (platform.clock.now() >= until) return true;
    await platform.clock.sleep(TRY_AGAIN_MILLISECONDS, new AbortController().signal);
  }
}

/** Whether a report is that of a watcher of this version, which will watch on. */
function isWatching(report: WatchReport | undefined, version: string): boolean {
  return report?.version === version && report.isEnding !== true;
}

export interface WatcherOptions extends WatchOptions {
  /** The version of this podpose. */
  readonly version: string;
  /** How long to wait for a process that watches and does not end, in milliseconds. */
  readonly patience: number;
  /** A process of this version that watches is left to do so. By default, it is replaced. */
  readonly isYielding?: true;
  /** Receives the watch when it begins. */
  readonly onWatch?: (watch: Watch) => void;
  /** Called when the watch has ended. This process still answers until the promise resolves, or another one takes over. */
  readonly onEnded?: (end: WatcherEnd) => Promise<void>;
}

const TRY_AGAIN_MILLISECONDS = 50;

/** `watched`: another process watches and was left to do so. `busy`: another process watches, and does not end. */
export type WatcherEnd = 'nothing-left' | 'stopped' | 'replaced' | 'watched' | 'busy';

/** Watches a project in this process, in the place of one that does. */
export async function runWatcher(engine: Engine, options: WatcherOptions): Promise<EngineResult<WatcherEnd>> {
  const { platform } = engine;
  const { project, version, stop, onEnded } = options;
  const taken = await takeOver(engine, options);
  if (!taken.ok) return failed('failed', taken.error.diagnostics);
  if (taken.value === 'watched') return success('watched');
  const { lock } = taken.value;
  if (lock.kind === 'busy') return success(stop.aborted ? 'stopped' : 'busy');
  const replaced = abortController();
  // One that was killed has left what it had saved.
  const before = taken.value.before ?? savedReport(platform, project);
  const keeper = eventKeeper(platform, before?.events);
  const watch = watchProject(engine, {
    ...options,
    onNotice: (notice) => {
      keeper.add(notice);
      saver.saveSoon();
      if (!isEventOnly(notice)) options.onNotice(notice);
    },
    stop: anyOf(stop, replaced.signal),
    ...defined({ before }),
  });
  const reportNow = (): WatchReport => ({
    ...{ version, pid: platform.pid, containers: watch.statuses() ?? [] },
    ...(watch.isEnding() || hasEnded ? { isEnding: true } : {}),
    ...(watch.areEndpointsPending() ? { areEndpointsPending: true } : {}),
  });
  const saver = reportSaver(platform, project, () => ({ ...reportNow(), events: keeper.events() }));
  let hasEnded = false;
  options.onWatch?.(watch);
  const server = await platform.sockets.serve(watcherName(project), (request) => {
    const events = request === 'events' || request === 'quit' ? { events: keeper.events() } : {};
    const report: WatchReport = { ...reportNow(), ...events };
    respond(request, watch, replaced);
    return JSON.stringify(report);
  });
  const end = await watch.ended;
  saver.close();
  hasEnded = true;
  if (end.ok && !replaced.signal.aborted)
    await Promise.race([onEnded?.(end.value), aborted(replaced.signal)]);
  if (server.ok) server.value.close();
  lock.release();
  return end.ok && replaced.signal.aborted ? success('replaced') : end;
}

/** The shortest time between two saves, in milliseconds: a watcher that is killed loses what it has seen since the last one. */
const SAVE_MILLISECONDS = 5000;

/** Saves the report after a notice, and at the end. Exported for tests. */
export function reportSaver(
  platform: EnginePlatform,
  project: string,
  report: () => WatchReport,
): { readonly saveSoon: () => void; readonly close: () => void } {
  const over = abortController();
  const { clock } = platform;
  let isPending = false;
  let savedAt = -Infinity;
  const save = () => {
    if (!isPending) return;
    isPending = false;
    savedAt = clock.now();
    saveReport(platform, project, report());
  };
  return {
    saveSoon: () => {
      if (isPending) return;
      isPending = true;
      void clock.sleep(Math.max(0, savedAt + SAVE_MILLISECONDS - clock.now()), over.signal).then(save);
    },
    close: () => {
      save();
      over.abort();
    },
  };
}

/** Each result of a probe would fill the log. */
function isEventOnly({ kind }: WatchNotice): boolean {
  return kind === 'unhealthy' || kind === 'probe-warning';
}

function respond(request: string, { look }: Watch, replaced: AbortController): void {
  if (request === 'look') look();
  if (request === 'quit') replaced.abort();
}

interface TakeOver {
  readonly lock: LockAnswer;
  /** The last report of the watcher before. */
  readonly before?: WatchReport;
}

async function takeOver(
  { platform }: Engine,
  { project, version, stop, patience, isYielding }: WatcherOptions,
): Promise<EngineResult<TakeOver | 'watched'>> {
  const until = platform.clock.now() + patience;
  let before: WatchReport | undefined;
  for (;;) {
    const running = isYielding === true ? await askWatcher(platform, project) : undefined;
    if (isWatching(running, version)) return success('watched');
    // Again until it responds: a watcher that has just begun holds the lock, and does not listen yet.
    if (isYielding !== true || running !== undefined) before ??= await askWatcher(platform, project, 'quit');
    const answer = await platform.lock(watcherName(project), `podpose watcher, process ${platform.pid}`);
    if (!answer.ok) return failed('failed', answer.error);
    const isOver = stop.aborted || platform.clock.now() >= until;
    if (answer.value.kind === 'taken' || isOver)
      return success({ lock: answer.value, ...defined({ before }) });
    await platform.clock.sleep(TRY_AGAIN_MILLISECONDS, stop);
  }
}
