import type { Diagnostic } from '../../base/diagnostic.ts';
import { formatPath } from '../../base/path.ts';
import type { SourcedPod } from '../../kube/pod-set.ts';
import type { SourcedService } from '../../kube/services/desired-services.ts';
import type { HostPort } from '../../kube/spec/desired.ts';
import { lastAppliedPod, type LastAppliedPort } from '../../podman/last-applied.ts';
import type { KnownState } from '../needs.ts';
import { placedPort, portKey, wantedPorts, type PublishedPorts } from './service-ports.ts';
import { servicePodsOf } from './services.ts';

/** The pods with the host ports of the proxy, or the port to be tried next. */
export type PlacedPods =
  | {
      readonly kind: 'placed';
      readonly pods: readonly SourcedPod[];
      readonly warnings: readonly Diagnostic[];
    }
  | Extract<PublishedPorts, { readonly kind: 'try' }>;

/**
 * Gives the proxy of Ingresses the host ports 80 and 443, or others where they cannot be had: from 8080 and 8443 on. A proxy
 * that exists keeps its ports, unless something has taken them since it was stopped.
 */
export function placeProxy(
  project: string,
  pods: readonly SourcedPod[],
  services: readonly SourcedService[],
  observed: KnownState,
): PlacedPods {
  const proxy = pods.find(({ isProxy }) => isProxy === true);
  if (proxy === undefined) return { kind: 'placed', pods, warnings: [] };
  const current = observed.pods.find(
    ({ name, owner }) => name === proxy.pod.name && owner?.project === project,
  );
  const before = current === undefined ? [] : (lastAppliedPod(current.labels)?.hostPorts ?? []);
  const used: readonly LastAppliedPort[] = [
    ...pods.flatMap((one) => (one === proxy ? [] : one.pod.sandbox.hostPorts)),
    ...services.flatMap(({ service }) => wantedPorts(service)),
    ...servicePodsOf(project, observed).flatMap(({ service }) => service?.record.published ?? []),
  ];
  const placed: HostPort[] = [];
  for (const port of proxy.pod.sandbox.hostPorts) {
    const kept = before.find(
      ({ hostIP, containerPort }) => hostIP === port.hostIP && containerPort === port.containerPort,
    );
    const isFree = (one: LastAppliedPort) => observed.freePorts?.get(portKey(one));
    const found = placedPort(port, kept, current?.infra === 'running', [...used, ...placed], isFree);
    if ('kind' in found) return found;
    placed.push({ ...port, hostPort: found.hostPort });
  }
  const pod = { ...proxy.pod, sandbox: { ...proxy.pod.sandbox, hostPorts: placed } };
  return {
    kind: 'placed',
    pods: pods.map((one) => (one === proxy ? { ...proxy, pod } : one)),
    warnings: current === undefined ? replacedWarnings(proxy, placed) : [],
  };
}

function replacedWarnings(
  { pod: { sandbox, owner = '' }, locate }: SourcedPod,
  placed: readonly HostPort[],
): readonly Diagnostic[] {
  const changed = sandbox.hostPorts.flatMap((port, index) => {
    const hostPort = placed[index]?.hostPort ?? port.hostPort;
    return hostPort === port.hostPort ? [] : [{ before: port.hostPort, hostIP: port.hostIP, hostPort }];
  });
  if (changed.length === 0) return [];
  const path = ['spec'];
  const ports = changed.map(({ before }) => before).join(' and ');
  const instead = changed.map(({ hostIP, hostPort }) => `${hostIP}:${hostPort}`).join(' and ');
  return [
    {
      code: 'port-replaced',
      severity: 'warning',
      path: formatPath(path),
      location: locate(path),
      message: `port${changed.length > 1 ? 's' : ''} ${ports} of this machine cannot be used: ${owner} is published at ${instead}`,
      help: 'The ports stay the same as long as the proxy exists.',
    },
  ];
}
