import type { PodmanClient } from '../podman/client/client.ts';
import { askLastExitCodes } from '../podman/inspect/last-ends.ts';
import type { ObservedContainer } from '../podman/inspect/observed.ts';
import { isUnseenEnd } from './container-facts.ts';

/**
 * Adds the last ends that the watcher has not seen, as of containers that somebody has restarted: podman's events have their
 * exit codes. One query more, if there are any.
 */
export async function withUnseenEnds(
  podman: PodmanClient,
  containers: readonly ObservedContainer[],
): Promise<readonly ObservedContainer[]> {
  const isUnseen = ({ state, exitedAt, watched }: ObservedContainer) =>
    state === 'running' && (watched?.restarts ?? 0) > 0 && isUnseenEnd(exitedAt, watched?.lastEnd);
  const unseen = containers.filter(isUnseen);
  if (unseen.length === 0) return containers;
  const exitCodes = await askLastExitCodes(podman, unseen);
  return containers.map((container) => {
    const exitCode = exitCodes.get(container.id);
    const { watched, exitedAt: finishedAt } = container;
    if (watched === undefined || exitCode === undefined || !isUnseen(container)) return container;
    const reason = exitCode === 0 ? 'Completed' : 'Error';
    return { ...container, watched: { ...watched, lastEnd: { exitCode, reason, finishedAt } } };
  });
}
