import { appliedContainers } from '../podman/inspect/container-list.ts';
import type { ContainersAndPods } from '../podman/inspect/decode.ts';
import type { ObservedContainer, ObservedPod } from '../podman/inspect/observed.ts';
import { decodeOwner, isOfJob } from '../podman/labels.ts';
import type { Engine } from './engine.ts';
import { askWatcher } from './project-watcher.ts';
import { isChangedByOther } from './watch-lock.ts';
import { isUp, podsWithFailedInit, waitsForInit } from './watch-sighting.ts';

/**
 * The pods that have not started completely, and that nobody starts: the command that did was interrupted, or a container was
 * removed with podman. A watcher only starts containers that have run before, and pods of Jobs.
 */
export async function interruptedStarts(
  { platform }: Pick<Engine, 'platform'>,
  { pods, containers }: ContainersAndPods,
): Promise<readonly ObservedPod[]> {
  const incomplete = pods.filter((pod) => isUp(pod) && isIncomplete(pod, containers));
  if (incomplete.length === 0) return [];
  const failed = podsWithFailedInit({ pods, containers });
  const waiting = incomplete.filter(({ name }) => !failed.has(name));
  const isInWork = async ({ owner, labels }: ObservedPod) => {
    if (owner === undefined || (await isChangedByOther({ platform }, owner.project))) return true;
    return (
      isOfJob({ owner: decodeOwner(labels) }) && (await askWatcher(platform, owner.project)) !== undefined
    );
  };
  const inWork = await Promise.all(waiting.map(isInWork));
  return waiting.filter((_, index) => inWork[index] === false);
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
