import type { DesiredResources, ResourceAmounts, RestartPolicy } from '../../kube/spec/desired.ts';
import type { LimitedResource } from '../inspect/limits.ts';
import { setting, type Setting } from './setting.ts';

/** Resource settings of podman. */
export interface PodmanResources {
  /** Thousandths of a CPU; 0 for no limit. */
  readonly cpu: number;
  /** A weight; 0 for podman's default. */
  readonly cpuShares: number;
  /** Bytes; 0 for no limit. */
  readonly memory: number;
  /** The soft limit in bytes: memory below it is reclaimed last. 0 for none. */
  readonly memoryReservation: number;
}

/**
 * Requests become weights and soft limits, limits become hard limits, with the minimums of the kubelet: 10 thousandths
 * of a CPU (pkg/kubelet/cm/helpers_linux.go, minQuotaPeriod) and 2 shares.
 */
export function podmanResources({ limits, requests }: DesiredResources): PodmanResources {
  return {
    cpu: limits.cpu === undefined ? 0 : Math.max(limits.cpu, 10),
    cpuShares: requests.cpu === undefined ? 0 : Math.max(Math.floor((requests.cpu * 1024) / 1000), 2),
    memory: limits.memory ?? 0,
    memoryReservation: requests.memory ?? 0,
  };
}

/** The period of a CPU quota in microseconds (DefaultCPUPeriod in pkg/util/utils.go of podman). */
const CPU_PERIOD = 100_000;

/** The settings for new containers and pods, and for updates of containers. */
export function resourceSettings(
  resources: DesiredResources,
  without: readonly LimitedResource[] = [],
): readonly Setting[] {
  const { cpu, cpuShares, memory, memoryReservation } = podmanResources({
    limits: except(resources.limits, without),
    requests: except(resources.requests, without),
  });
  return [
    ...(cpu === 0
      ? []
      : [limit(['--cpus', (cpu / 1000).toString()], 'cpu', { quota: cpu * 100, period: CPU_PERIOD })]),
    ...(cpuShares === 0 ? [] : [limit(['--cpu-shares', cpuShares.toString()], 'cpu', { shares: cpuShares })]),
    // Without a common limit for memory and swap, podman allows the same amount of swap in addition.
    ...(memory === 0
      ? []
      : [
          limit(['--memory', `${memory}b`, '--memory-swap', `${memory}b`], 'memory', {
            limit: memory,
            swap: memory,
          }),
        ]),
    ...(memoryReservation === 0
      ? []
      : [
          limit(['--memory-reservation', `${memoryReservation}b`], 'memory', {
            reservation: memoryReservation,
          }),
        ]),
  ];
}

function limit(
  flags: readonly string[],
  resource: 'cpu' | 'memory',
  amounts: Readonly<Record<string, number>>,
): Setting {
  return setting(flags, { resource_limits: { [resource]: amounts } });
}

function except({ cpu, memory }: ResourceAmounts, without: readonly LimitedResource[]): ResourceAmounts {
  return {
    ...(cpu === undefined || without.includes('cpu') ? {} : { cpu }),
    ...(memory === undefined || without.includes('memory') ? {} : { memory }),
  };
}

/** podman's restart policy. podman restarts a container at once, without the back-off of Kubernetes. */
export function podmanRestartPolicy(policy: RestartPolicy): 'always' | 'on-failure' | 'no' {
  switch (policy) {
    case 'Always':
      return 'always';
    case 'OnFailure':
      return 'on-failure';
    case 'Never':
      return 'no';
  }
}
