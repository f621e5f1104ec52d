import { failure, type Result } from '../../base/result.ts';
import { decodeContainersAndPods } from './decode.ts';
import { explainPodmanFailure } from '../errors.ts';
import { LABEL } from '../labels.ts';
import { look } from '../client/look.ts';
import { decoded } from './observe.ts';
import type { ObservedContainer } from './observed.ts';
import { succeeded, type ProcessRunner } from '../../platform/process.ts';

/** The containers of one project as they are now: a quicker look than `observe`, to be taken again and again. */
export async function observeContainers(
  run: ProcessRunner,
  podman: string,
  project: string,
): Promise<Result<readonly ObservedContainer[]>> {
  const filter = `label=${LABEL.project}=${project}`;
  const answer = await look(run, podman, [
    'ps',
    '--all',
    '--pod',
    '--no-trunc',
    '--filter',
    filter,
    '--format',
    'json',
  ]);
  if (!succeeded(answer)) return failure([explainPodmanFailure(answer.stderr.split('\n'), "'podman ps'")]);
  return decoded(() => decodeContainersAndPods(answer.stdout).containers);
}
