import type { Finding } from '../finding.ts';
import { isIPAddress } from '../ip-address.ts';
import { checkName, dnsLabel, dnsSubdomain } from '../names.ts';
import type { PodObject } from '../pod-object.ts';

export function* checkHostname(pod: PodObject): Iterable<Finding> {
  const { hostname = '' } = pod.value.spec ?? {};
  if (hostname !== '') yield* checkName(dnsLabel, hostname, ['spec', 'hostname']);
}

/** https://kubernetes.io/docs/tasks/network/customize-hosts-file-for-pods/ */
export function* checkHostAliases(pod: PodObject): Iterable<Finding> {
  for (const [index, { ip, hostnames = [] }] of (pod.value.spec?.hostAliases ?? []).entries()) {
    const path = ['spec', 'hostAliases', index];
    if (ip !== undefined && !isIPAddress(ip))
      yield { code: 'invalid-ip', path: [...path, 'ip'], message: `'${ip}' is no IP address` };
    for (const [at, hostname] of hostnames.entries())
      yield* checkName(dnsSubdomain, hostname, [...path, 'hostnames', at]);
  }
}

export function* checkGracePeriod(pod: PodObject): Iterable<Finding> {
  const { terminationGracePeriodSeconds: seconds } = pod.value.spec ?? {};
  if (seconds !== undefined && seconds < 0)
    yield {
      code: 'grace-period-range',
      path: ['spec', 'terminationGracePeriodSeconds'],
      message: `must not be less than 0, got ${seconds}`,
    };
}

/** validateHostUsers and its neighbours in pkg/apis/core/validation. */
export function* checkProcessNamespaces(pod: PodObject): Iterable<Finding> {
  const { hostPID = false, shareProcessNamespace = false } = pod.value.spec ?? {};
  if (hostPID && shareProcessNamespace)
    yield {
      code: 'process-namespace-conflict',
      path: ['spec', 'shareProcessNamespace'],
      message: "must not be true together with 'hostPID: true'",
      help: 'With hostPID the containers see the processes of each other anyway.',
    };
}

export function* checkOperatingSystem(pod: PodObject): Iterable<Finding> {
  if (pod.value.spec?.os?.name === 'windows')
    yield {
      code: 'not-supported',
      path: ['spec', 'os', 'name'],
      message: 'not supported: containers of Windows need a node with Windows',
    };
}
