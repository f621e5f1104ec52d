import { memberOf } from '../base/json-members.ts';
import { success, type Result } from '../base/result.ts';
import type { PodmanResources } from './argv/resources.ts';
import { parseList } from './decode.ts';
import { askVersion } from './observe.ts';
import type { ProcessRunner } from './process.ts';
import { abilities } from './version.ts';

/**
 * What `podman update` can change of a running container, as it is now. Labels cannot be changed, and so what a
 * container was made with is not what is in force once it has been updated.
 */
export interface InForce {
  readonly resources: PodmanResources;
  /** podman's word for it. */
  readonly restartPolicy: string;
}

/** A closer look at containers that may have been updated, or might be. */
export interface UpdateView {
  /** By the ids of the containers. */
  readonly inForce: ReadonlyMap<string, InForce>;
  /** Absent when this podman, as this user, can update a container for good. */
  readonly obstacle?: UpdateObstacle;
}

export type UpdateObstacle =
  /** Before 5.1 an update is forgotten when the container starts again. */
  | 'podman-forgets'
  /** The user has not been given these parts of the machine's control groups. */
  | 'no-cgroup-control';

/** Asks podman, for some containers by their ids. */
export async function observeInForce(
  run: ProcessRunner,
  podman: string,
  ids: readonly string[],
): Promise<Result<UpdateView>> {
  const version = await askVersion(run, podman);
  if (!version.ok) return version;
  if (!abilities(version.value).lastingUpdate)
    return success({ inForce: new Map(), obstacle: 'podman-forgets' });
  const [inspected, controllers] = await Promise.all([
    run.query(podman, ['container', 'inspect', ...ids]),
    run.query(podman, ['info', '--format', '{{.Host.CgroupsVersion}} {{.Host.CgroupControllers}}']),
  ]);
  const inForce = new Map(parseList(inspected.stdout).map((row) => [textOf(row, 'Id'), decodeInForce(row)]));
  const canControl = /^v2 .*\bcpu\b.*\bmemory\b/.test(controllers.stdout);
  return success({ inForce, ...(canControl ? {} : { obstacle: 'no-cgroup-control' }) });
}

function decodeInForce(row: Readonly<Record<string, unknown>>): InForce {
  const number = (name: string) => {
    const value = memberOf(row, 'HostConfig', name);
    return typeof value === 'number' ? value : 0;
  };
  const period = number('CpuPeriod');
  const byQuota = period > 0 && number('CpuQuota') > 0 ? (number('CpuQuota') / period) * 1000 : 0;
  return {
    resources: {
      cpu: Math.round(number('NanoCpus') > 0 ? number('NanoCpus') / 1_000_000 : byQuota),
      cpuShares: number('CpuShares'),
      memory: number('Memory'),
      memoryReservation: number('MemoryReservation'),
    },
    restartPolicy: textOf(row, 'HostConfig', 'RestartPolicy', 'Name') || 'no',
  };
}

function textOf(row: unknown, ...path: readonly string[]): string {
  const value = memberOf(row, ...path);
  return typeof value === 'string' ? value : '';
}
