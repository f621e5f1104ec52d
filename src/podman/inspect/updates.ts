import { success, type Result } from '../../base/result.ts';
import type { PodmanClient } from '../client/client.ts';
import { askVersion } from './ask-version.ts';
import { capabilitiesOf } from './version.ts';

/** Why a container cannot be updated in place. */
export type UpdateObstacle =
  /** Before 5.1, podman loses an update when the container restarts. */
  | 'podman-forgets'
  /** The cgroup controllers are not delegated to this user. */
  | 'no-cgroup-control';

export type UpdateCapability = 'can' | UpdateObstacle;

/** Whether this podman and this user can update containers in place. Queried only if an update is needed. */
export async function askUpdateCapability(podman: PodmanClient): Promise<Result<UpdateCapability>> {
  const version = await askVersion(podman);
  if (!version.ok) return version;
  if (!capabilitiesOf(version.value).lastingUpdate) return success('podman-forgets');
  const info = await podman.query({
    args: ['info', '--format', '{{.Host.CgroupsVersion}} {{.Host.CgroupControllers}}'],
  });
  return success(/^v2 .*\bcpu\b.*\bmemory\b/.test(info.stdout) ? 'can' : 'no-cgroup-control');
}
