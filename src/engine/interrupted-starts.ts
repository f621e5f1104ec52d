import { appliedContainers } from '../podman/inspect/container-list.ts';
import type { ContainersAndPods } from '../podman/inspect/decode.ts';
import type { ObservedContainer, ObservedPod } from '../podman/inspect/observed.ts';
import type { Engine } from './engine.ts';
import { askWatcher } from './project-watcher.ts';
import { isChangedByOther } from './watch-lock.ts';
import { isUp, podsWithFailedInit, waitsForInit } from './watch-sighting.ts';

/**
 * The pods that have not started completely, and that nobody starts: the command that did was interrupted, or a container was
 * removed with podman. A watcher starts containers that have run before, and pods of Jobs.
 */
export async function interruptedStarts(
  { platform }: Pick<Engine, 'platform'>,
  { pods, containers }: ContainersAndPods,
): Promise<readonly ObservedPod[]> {
  const incomplete = pods.filter((pod) => isUp(pod) && isIncomplete(pod, containers));
  if (incomplete.length === 0) return [];
  const failed = podsWithFailedInit({ pods, containers });
  const waiting = incomplete.filter(({ name }) => !failed.has(name));
  const projects = new Set(waiting.flatMap(({ owner }) => owner?.project ?? []));
  const isInWork = async (project: string) =>
    (await askWatcher(platform, project)) !== undefined || (await isChangedByOther({ platform }, project));
  const inWork = new Set(
    (await Promise.all([...projects].map(async (one) => ((await isInWork(one)) ? [one] : [])))).flat(),
  );
  return waiting.filter(({ owner }) => owner !== undefined && !inWork.has(owner.project));
}

/** Whether an app container does not exist, or waits for the init containers. */
function isIncomplete(pod: ObservedPod, containers: readonly ObservedContainer[]): boolean {
  const own = containers.filter(({ podName }) => podName === pod.name);
  const apps = (appliedContainers(pod, containers) ?? []).filter(({ role }) => role === 'container');
  return apps.some(({ name }) => {
    const app = own.find(({ owner }) => owner?.role === 'container' && owner.name === name);
    return app === undefined || (isDown(app) && waitsForInit(app, containers));
  });
}

function isDown({ state }: ObservedContainer): boolean {
  return state === 'created' || state === 'exited';
}
