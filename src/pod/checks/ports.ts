import { formatPath, type FieldPath } from '../../base/path.ts';
import type { Incomplete } from '../../manifest/checked-document.ts';
import type { ContainerPort } from '../../manifest/generated/kubernetes.ts';
import { duplicates, withNames, type Named } from '../duplicates.ts';
import type { Finding } from '../finding.ts';
import { isIPAddress } from '../ip-address.ts';
import { checkName, portName } from '../names.ts';
import { containersOf, type ContainerObject, type PodObject } from '../pod-object.ts';

const LAST_PORT = 65535;

/** https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports */
export function* checkPorts(pod: PodObject): Iterable<Finding> {
  const hostNetwork = pod.value.spec?.hostNetwork ?? false;
  for (const container of containersOf(pod)) {
    const list = [...container.path, 'ports'];
    for (const [index, port] of (container.value.ports ?? []).entries()) {
      const path = [...list, index];
      yield* checkNumbers(port, path);
      yield* checkHostPort(port, path, container, hostNetwork);
    }
    const named = withNames(container.value.ports, list);
    for (const { name, path } of named) yield* checkName(portName, name, path);
    for (const { first, again } of duplicates(named))
      yield {
        code: 'duplicate-name',
        path: again.path,
        message: `the name '${again.name}' is taken by ${formatPath(first.path.slice(0, -1))}`,
      };
  }
}

function* checkNumbers(port: Incomplete<ContainerPort>, path: FieldPath): Iterable<Finding> {
  const { containerPort, hostPort = 0 } = port;
  if (containerPort !== undefined) yield* checkRange(containerPort, [...path, 'containerPort']);
  // 0 is as good as none.
  if (hostPort !== 0) yield* checkRange(hostPort, [...path, 'hostPort']);
}

function* checkRange(port: number, path: FieldPath): Iterable<Finding> {
  if (port >= 1 && port <= LAST_PORT) return;
  yield {
    code: 'port-range',
    path,
    message: `must be between 1 and ${LAST_PORT}, got ${port}`,
  };
}

function* checkHostPort(
  port: Incomplete<ContainerPort>,
  path: FieldPath,
  container: ContainerObject,
  hostNetwork: boolean,
): Iterable<Finding> {
  const { hostPort = 0, containerPort, hostIP = '' } = port;
  if (hostIP !== '' && !isIPAddress(hostIP))
    yield { code: 'invalid-ip', path: [...path, 'hostIP'], message: `'${hostIP}' is no IP address` };
  if (hostPort === 0) return;
  if (hostNetwork && containerPort !== undefined && hostPort !== containerPort)
    yield {
      code: 'host-network-port',
      path: [...path, 'hostPort'],
      message: `must be the containerPort, ${containerPort}: with hostNetwork no port is mapped to another`,
    };
  // As rootlessport of podman 4 has it, and pasta of podman 5.
  else if (!hostNetwork && port.protocol === 'SCTP')
    yield {
      code: 'not-supported',
      path: [...path, 'protocol'],
      message: 'not supported: for an ordinary user podman listens on TCP and UDP ports of the machine only',
      help: 'Without a hostPort, the containers of the pod reach each other by SCTP.',
    };
  else if (!hostNetwork && container.role === 'init')
    yield {
      code: 'init-container-host-port',
      severity: 'warning',
      path: [...path, 'hostPort'],
      message: 'has no effect: Kubernetes opens the host ports of app containers only',
    };
}

/** All containers of a pod share one network, so that only one of two can listen on a port. */
export function* checkContainerPortsDiffer(pod: PodObject): Iterable<Finding> {
  const ports: readonly Named[] = containersOf(pod)
    .filter(({ role }) => role === 'container')
    .flatMap(({ path, value }) =>
      (value.ports ?? []).flatMap(({ containerPort, protocol = 'TCP' }, index) =>
        containerPort === undefined
          ? []
          : [{ name: `${containerPort}/${protocol}`, path: [...path, 'ports', index] }],
      ),
    );
  for (const { first, again } of duplicates(ports))
    yield {
      code: 'duplicate-container-port',
      severity: 'warning',
      path: [...again.path, 'containerPort'],
      message: `${again.name} is also at ${formatPath(first.path)}, and all containers of a pod share one network`,
    };
}
