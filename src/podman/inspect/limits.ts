import { succeeded } from '../../platform/process.ts';
import type { PodmanClient } from '../client/client.ts';

export type LimitedResource = 'cpu' | 'memory';

/** What containers of this user cannot be limited in, and why. */
export interface LimitCapability {
  readonly missing: readonly LimitedResource[];
  readonly cgroups: 'v1' | 'v2';
}

const RESOURCES: readonly LimitedResource[] = ['cpu', 'memory'];
const QUESTION = '{{.Host.Security.Rootless}} {{.Host.CgroupsVersion}} {{.Host.CgroupControllers}}';

/**
 * Asks podman which controllers of the machine's control groups its user has been given; it answers with those that it
 * would use. A podman that does not answer is taken for one that can do everything: it will say what it cannot.
 */
export async function askLimitCapability(podman: PodmanClient): Promise<LimitCapability> {
  const info = await podman.query({ args: ['info', '--format', QUESTION] });
  const answer = succeeded(info) ? /^(true|false) (v[12]) \[(.*)\]/.exec(info.stdout) : null;
  const [, rootless, version, controllers = ''] = answer ?? [];
  const given = new Set(controllers.split(/[ ,]+/));
  return {
    missing: rootless === 'true' ? RESOURCES.filter((resource) => !given.has(resource)) : [],
    cgroups: version === 'v1' ? 'v1' : 'v2',
  };
}
