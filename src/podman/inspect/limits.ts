import { succeeded } from '../../platform/process.ts';
import type { PodmanClient } from '../client/client.ts';

/** A cgroup controller that limits need. */
export type LimitedResource = 'cpu' | 'memory' | 'cpuset' | 'pids';

/** The resource limits that this user cannot set, and why. */
export interface LimitCapability {
  readonly missing: readonly LimitedResource[];
  readonly cgroups: 'v1' | 'v2';
}

const RESOURCES: readonly LimitedResource[] = ['cpu', 'memory', 'cpuset', 'pids'];
const FORMAT = '{{.Host.Security.Rootless}} {{.Host.CgroupsVersion}} {{.Host.CgroupControllers}}';

/**
 * Queries the cgroup controllers that are delegated to podman's user. Without an answer, all are assumed to be
 * available: podman then reports an error itself.
 */
export async function askLimitCapability(podman: PodmanClient): Promise<LimitCapability> {
  const info = await podman.query({ args: ['info', '--format', FORMAT] });
  const answer = succeeded(info) ? /^(true|false) (v[12]) \[(.*)\]/.exec(info.stdout) : null;
  const [, rootless, version, controllers = ''] = answer ?? [];
  const given = new Set(controllers.split(/[ ,]+/));
  return {
    missing: rootless === 'true' ? RESOURCES.filter((resource) => !given.has(resource)) : [],
    cgroups: version === 'v1' ? 'v1' : 'v2',
  };
}
