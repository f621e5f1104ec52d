import { failure, success, type Result } from '../../base/result.ts';
import { succeeded } from '../../platform/process.ts';
import { askList } from '../client/ask-list.ts';
import type { PodmanClient } from '../client/client.ts';
import { listContainers } from '../client/queries.ts';
import { explainPodmanFailure } from '../errors.ts';
import { LABEL } from '../labels.ts';
import { decodeContainersAndPods, type ContainersAndPods } from './decode.ts';
import { decoded } from './observe.ts';
import type { ObservedContainer } from './observed.ts';

/** The containers of one project: faster than `observe`, for repeated queries. */
export async function observeContainers(
  podman: PodmanClient,
  project: string,
): Promise<Result<readonly ObservedContainer[]>> {
  const observed = await observeProject(podman, project);
  return observed.ok ? success(observed.value.containers) : observed;
}

/** The containers and pods of one project. */
export async function observeProject(
  podman: PodmanClient,
  project: string,
): Promise<Result<ContainersAndPods>> {
  const answer = await askList(podman, listContainers(`${LABEL.project}=${project}`));
  if (!succeeded(answer)) return failure([explainPodmanFailure(answer.stderr.split('\n'), "'podman ps'")]);
  return decoded(() => decodeContainersAndPods(answer.stdout));
}
