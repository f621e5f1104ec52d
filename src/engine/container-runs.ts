import { askLastExitCodes } from '../podman/inspect/last-ends.ts';
import { askContainerLogs, type ContainerLog } from '../podman/logs/container-log.ts';
import { isHere, type LogTools } from '../podman/logs/open-log.ts';

/* The end of a container whose log is followed, and the run after it. */

/** What decides whether another run follows. */
export interface RunContext {
  readonly tools: LogTools;
  /** Called when a container has ended that podman or podpose's watcher restarts. */
  readonly onRestart?: (exitCode: number) => void;
  /** Aborted when no new output is expected: the logs are read to their end. */
  readonly finish: AbortSignal;
  /** Whether podpose's watcher will restart a container that has ended, by podman's ID; undefined if it has not seen the end. */
  readonly willRestart?: (id: string) => boolean | undefined;
}

/** Reports the end of a run that another run follows, or has followed already. */
export async function reportRestart(now: ContainerLog, context: RunContext): Promise<void> {
  const { tools, onRestart } = context;
  if (onRestart === undefined) return;
  if (!now.isRunning) {
    if (isStartedAgain(now) || (await isWatchedRestart(now.id, context))) onRestart(now.exitCode);
    return;
  }
  const { id, runBegan } = now;
  if (runBegan === undefined) return;
  const exitCodes = await askLastExitCodes(tools.podman, [
    { id, exitedAt: Number(runBegan / 1_000_000_000n) },
  ]);
  const exitCode = exitCodes.get(id);
  if (exitCode !== undefined) onRestart(exitCode);
}

const SEEN_POLL_MILLISECONDS = 100;
const SEEN_POLLS = 20;

/** Whether the watcher restarts a container, or has done so before its end was seen. */
async function isWatchedRestart(id: string, { tools, willRestart, finish }: RunContext): Promise<boolean> {
  if (willRestart === undefined) return false;
  for (let poll = 0; poll < SEEN_POLLS && !finish.aborted; poll++) {
    const will = willRestart(id);
    if (will !== undefined) return will;
    await tools.sleep(SEEN_POLL_MILLISECONDS, finish);
  }
  return willRestart(id) !== false;
}

/** Poll intervals, in milliseconds: for a local process, and for queries to podman. */
const POLL_PROCESS = 200;
const POLL_PODMAN = { shortest: 200, longest: 1500 } as const;

/** Waits until a container has ended. Returns its new state; undefined if it was removed. */
export async function waitForEnd(
  log: ContainerLog,
  { podman, files, sleep }: LogTools,
  stop: AbortSignal,
): Promise<ContainerLog | undefined> {
  const here = isHere(log, files);
  let now = log;
  let wait: number = POLL_PODMAN.shortest;
  for (;;) {
    while (here && files.isAlive(now.pid) && !stop.aborted) await sleep(POLL_PROCESS, stop);
    if (!here) await sleep(wait, stop);
    if (stop.aborted) return now;
    const found = await askContainerLogs(podman, [now.id]);
    if (found !== undefined && found[0]?.isRunning !== true) return found[0];
    if (isAnotherRun(log, found?.[0])) return found?.[0];
    // The process has ended and podman does not know yet.
    now = found?.[0] ?? now;
    if (here && !files.isAlive(now.pid)) await sleep(wait, stop);
    wait = Math.min(POLL_PODMAN.longest, wait * 1.5);
  }
}

/** Whether the container was restarted between two polls. */
function isAnotherRun(before: ContainerLog, now: ContainerLog | undefined): boolean {
  return now !== undefined && now.pid > 0 && now.pid !== before.pid;
}

/** Milliseconds between polls for a restart: by podman's restart policy it comes soon, or never. */
const RESTART_POLLS = [300, 700, 1500];

/** The state of a container when it has begun another run; that of its end if it stays so, and undefined if it was removed. */
export async function waitForRestart(
  log: ContainerLog | undefined,
  { tools: { podman, sleep }, willRestart }: RunContext,
  stop: AbortSignal,
): Promise<ContainerLog | undefined> {
  let now = log;
  for (let poll = 0; ; poll++) {
    const isWatched = now !== undefined && willRestart !== undefined && willRestart(now.id) !== false;
    const milliseconds = RESTART_POLLS[isWatched ? Math.min(poll, 1) : poll];
    // A run may begin and end between two polls.
    const isNewRun = now?.isRunning === true || now?.runBegan !== log?.runBegan;
    if (now === undefined || isNewRun || milliseconds === undefined) return now;
    // What a container logs as it is stopped can arrive late: one poll is left to it.
    if (!isWatched && !isStartedAgain(now) && (willRestart === undefined || poll > 0)) return now;
    await sleep(milliseconds, stop);
    if (stop.aborted) return now;
    const found = await askContainerLogs(podman, [now.id]);
    if (found !== undefined) now = found[0];
  }
}

/** Whether podman's restart policy restarts an ended container. */
export function isStartedAgain({ restartPolicy, exitCode }: ContainerLog): boolean {
  return (
    ['always', 'unless-stopped'].includes(restartPolicy) || (restartPolicy === 'on-failure' && exitCode !== 0)
  );
}
