import { success, type Result } from '../base/result.ts';
import type { DesiredPod } from '../kube/spec/desired.ts';
import { isCrashLooping, STABLE_SECONDS } from '../kube/status/stability.ts';
import { restartedContainers } from '../plan/decide/crash-loops.ts';
import type { ContainersAndPods } from '../podman/inspect/decode.ts';
import { inspectContainers } from '../podman/inspect/inspect-containers.ts';
import { observePods } from '../podman/inspect/observe.ts';
import type { ObservedContainer } from '../podman/inspect/observed.ts';
import { isLabelledWatched } from '../podman/labels.ts';
import type { Engine } from './engine.ts';
import { askWatcher } from './project-watcher.ts';
import { addWatchedFacts } from './watch-facts.ts';

/** podman restarts a container within so many seconds after its end. `podman ps` has whole seconds. */
const RESTART_SECONDS = 2;
const LOOK_AGAIN_MILLISECONDS = 500;
/** How often a watcher is asked until it has seen an end that podman already shows, and the time between, in milliseconds. */
const UNSEEN = { asked: 5, poll: 200 } as const;

/** The states of a container whose process has ended; `stopped` until podman has cleaned it up. */
const ENDED: ReadonlySet<ObservedContainer['state']> = new Set(['exited', 'stopped']);

/** Numbers of restarts, by podman's ID. */
type CrashLoops = ReadonlyMap<string, number>;

/** The containers that crash again and again. */
export async function findCrashLoops(
  engine: Pick<Engine, 'podman' | 'platform'>,
  pods: readonly DesiredPod[],
  known: Pick<ContainersAndPods, 'containers'>,
): Promise<Result<CrashLoops>> {
  const restarted = restartedContainers(pods, known);
  const [byWatcher, byPodman] = await Promise.all([
    watchedLoops(
      engine,
      restarted.filter(({ labels }) => isLabelledWatched(labels)),
    ),
    podmansLoops(
      engine,
      restarted.filter(({ labels }) => !isLabelledWatched(labels)),
    ),
  ]);
  return byPodman.ok ? success(new Map([...byWatcher, ...byPodman.value])) : byPodman;
}

/**
 * Of the containers that podpose's watcher restarts. One that waits for its restart is about to crash again, and so is one
 * that has ended, or was restarted, since it was observed.
 */
async function watchedLoops(
  engine: Pick<Engine, 'podman' | 'platform'>,
  restarted: readonly ObservedContainer[],
): Promise<CrashLoops> {
  const now = engine.platform.today() / 1000;
  const containers = await untilSeen(engine, restarted);
  return new Map(
    containers.flatMap(({ id, state, createdAt, startedAt, watched }) => {
      const { restarts = 0, restartAt, isRestart = false, isInPostStart = false } = watched ?? {};
      const isLoop =
        state === 'running' && restartAt === undefined
          ? (isRestart || isInPostStart) && isCrashLooping({ restarts, createdAt, startedAt }, now)
          : restarts > 0 && (restartAt !== undefined || isRestart || isInPostStart);
      return isLoop ? [[id, restarts] as const] : [];
    }),
  );
}

/** With what a watcher knows of them, when it has seen their ends. Without a watcher, at once. */
async function untilSeen(
  engine: Pick<Engine, 'podman' | 'platform'>,
  restarted: readonly ObservedContainer[],
): Promise<readonly ObservedContainer[]> {
  const { clock } = engine.platform;
  for (let asked = 1; ; asked++) {
    const { containers } = await addWatchedFacts(engine, restarted);
    const unseen = containers.filter(
      ({ state, watched }) =>
        ENDED.has(state) && watched?.end === undefined && watched?.restartAt === undefined,
    );
    const projects = [...new Set(unseen.flatMap(({ owner }) => owner?.project ?? []))];
    const answers = await Promise.all(projects.map((project) => askWatcher(engine.platform, project)));
    const isWatched = answers.some((answer) => answer !== undefined && answer.isEnding !== true);
    if (!isWatched || asked === UNSEEN.asked) return containers;
    await clock.sleep(UNSEEN.poll, new AbortController().signal);
  }
}

/**
 * Of the containers that podman restarts. A container that has just ended is observed a second time: podman may be about to
 * restart it, or something else has stopped it.
 */
async function podmansLoops(
  { podman, platform }: Pick<Engine, 'podman' | 'platform'>,
  restarted: readonly ObservedContainer[],
): Promise<Result<CrashLoops>> {
  const now = platform.today() / 1000;
  const ended = restarted.filter(
    ({ state, exitedAt }) => state !== 'running' && Math.abs(now - exitedAt) <= RESTART_SECONDS,
  );
  const running = restarted.filter(
    ({ state, startedAt }) => state === 'running' && now - startedAt <= STABLE_SECONDS,
  );
  const again = ended.length === 0 ? success([]) : await startedAgain(podman, platform.clock, ended);
  if (!again.ok) return again;
  const containers = await inspectContainers(podman, [...running, ...again.value]);
  return success(
    new Map(
      containers.flatMap(({ id, restarts = 0, createdAt, startedAt }) =>
        isCrashLooping({ restarts, createdAt, startedAt }, now) ? [[id, restarts] as const] : [],
      ),
    ),
  );
}

/** Those of the ended containers that were started again, as they are then. */
async function startedAgain(
  podman: Engine['podman'],
  clock: Engine['platform']['clock'],
  ended: readonly ObservedContainer[],
): Promise<Result<readonly ObservedContainer[]>> {
  // With the number of restarts, which `podman ps` of 4.3 does not have: its times are whole seconds.
  const first = await inspectContainers(podman, ended);
  await clock.sleep(LOOK_AGAIN_MILLISECONDS, new AbortController().signal);
  const listed = await observePods(podman);
  if (!listed.ok) return listed;
  const isEnded = ({ id }: ObservedContainer) => ended.some((one) => one.id === id);
  const second = await inspectContainers(podman, listed.value.containers.filter(isEnded));
  return success(
    second.filter((container) => {
      const before = first.find(({ id }) => id === container.id);
      return before !== undefined && (container.state === 'running' || hasRunSince(before, container));
    }),
  );
}

function hasRunSince(before: ObservedContainer, { exitedAt, restarts = 0 }: ObservedContainer): boolean {
  return exitedAt > before.exitedAt || restarts > (before.restarts ?? 0);
}
