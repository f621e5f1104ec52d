import { success, type Result } from '../../base/result.ts';
import type { PodmanClient } from '../client/client.ts';
import { askVersion } from './ask-version.ts';
import { capabilitiesOf } from './version.ts';

/** Why a container cannot be updated for good while it runs. */
export type UpdateObstacle =
  /** Before 5.1 an update is forgotten when the container starts again. */
  | 'podman-forgets'
  /** The user has not been given these parts of the machine's control groups. */
  | 'no-cgroup-control';

export type UpdateCapability = 'can' | UpdateObstacle;

/** Whether this podman, as this user, can update a container. Asked only where there is something to update. */
export async function askUpdateCapability(podman: PodmanClient): Promise<Result<UpdateCapability>> {
  const version = await askVersion(podman);
  if (!version.ok) return version;
  if (!capabilitiesOf(version.value).lastingUpdate) return success('podman-forgets');
  const info = await podman.query({
    args: ['info', '--format', '{{.Host.CgroupsVersion}} {{.Host.CgroupControllers}}'],
  });
  return success(/^v2 .*\bcpu\b.*\bmemory\b/.test(info.stdout) ? 'can' : 'no-cgroup-control');
}
