import { DEFAULT_PROTOCOL, POD_DEFAULTS } from '../../spec/defaults.ts';
import { formatPath, type FieldPath } from '../../../base/path.ts';
import type { Incomplete } from '../../../manifest/checked-document.ts';
import type { ContainerPort } from '../../../manifest/schema/generated/kubernetes.ts';
import { duplicates, withNames } from '../duplicates.ts';
import type { Finding } from '../finding.ts';
import { isIPAddress } from '../../spec/ip-address.ts';
import { checkName, portName } from '../names.ts';
import { containersOf, type ContainerObject, type PodObject } from '../../spec/pod-object.ts';

const LAST_PORT = 65535;

/** https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports */
export function* checkPorts(pod: PodObject): Iterable<Finding> {
  const hostNetwork = pod.value.spec?.hostNetwork ?? POD_DEFAULTS.hostNetwork;
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
        message: `duplicate name '${again.name}': already used by ${formatPath(first.path.slice(0, -1))}`,
      };
  }
}

function* checkNumbers(port: Incomplete<ContainerPort>, path: FieldPath): Iterable<Finding> {
  const { containerPort, hostPort = 0 } = port;
  if (containerPort !== undefined) yield* checkRange(containerPort, [...path, 'containerPort']);
  // 0 means unset.
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
    yield { code: 'invalid-ip', path: [...path, 'hostIP'], message: `invalid IP address '${hostIP}'` };
  else if (hostIP !== '' && hostPort === 0 && !hostNetwork)
    // As in pkg/api/pod/warnings.go of Kubernetes; with hostNetwork the API server fills in the hostPort.
    yield {
      code: 'host-ip-without-host-port',
      severity: 'warning',
      path: [...path, 'hostIP'],
      message: 'has no effect without a hostPort',
      help: 'Add a hostPort to publish the port on this address.',
    };
  if (hostPort === 0) return;
  if (hostNetwork && containerPort !== undefined && hostPort !== containerPort)
    yield {
      code: 'host-network-port',
      path: [...path, 'hostPort'],
      message: `must equal the containerPort, ${containerPort}: hostNetwork maps no ports`,
    };
  // A limit of rootlessport of podman 4 and of pasta of podman 5.
  else if (!hostNetwork && port.protocol === 'SCTP')
    yield {
      code: 'not-supported',
      path: [...path, 'protocol'],
      message: 'not supported: rootless podman publishes only TCP and UDP ports',
      help: 'Without a hostPort, the containers of the pod can use SCTP among themselves.',
    };
  else if (!hostNetwork && container.role === 'init')
    yield {
      code: 'init-container-host-port',
      severity: 'warning',
      path: [...path, 'hostPort'],
      message: 'has no effect: Kubernetes publishes host ports only of app containers',
    };
}

interface DeclaredPort {
  readonly path: FieldPath;
  readonly containerPort: number;
  readonly hostPort: number;
  readonly hostIP: string;
  readonly protocol: string;
}

/**
 * A duplicate containerPort in a pod, whose containers share one network. Two host ports or two host
 * addresses may map to one containerPort; other duplicates are redundant or ambiguous
 * (warningsForPodSpecAndMeta in pkg/api/pod/warnings.go of Kubernetes, which compares with all earlier
 * ports).
 */
export function* checkContainerPortsDiffer(pod: PodObject): Iterable<Finding> {
  const earlier: DeclaredPort[] = [];
  for (const port of declaredPorts(pod)) {
    const found = earlier
      .filter((other) => other.containerPort === port.containerPort && other.protocol === port.protocol)
      .flatMap((other) => overlap(other, port) ?? [])[0];
    if (found !== undefined)
      yield {
        code: 'duplicate-container-port',
        severity: 'warning',
        path: [...port.path, 'containerPort'],
        message: `${port.containerPort}/${port.protocol} ${found}`,
      };
    earlier.push(port);
  }
}

function declaredPorts(pod: PodObject): readonly DeclaredPort[] {
  return containersOf(pod)
    .filter(({ role }) => role === 'container')
    .flatMap(({ path, value }) =>
      (value.ports ?? []).flatMap(
        ({ containerPort, protocol = DEFAULT_PROTOCOL, hostPort = 0, hostIP = '' }, index) =>
          containerPort === undefined
            ? []
            : [{ path: [...path, 'ports', index], containerPort, protocol, hostPort, hostIP }],
      ),
    );
}

/** The problem of two declarations of one containerPort; undefined if both are valid. */
function overlap(first: DeclaredPort, again: DeclaredPort): string | undefined {
  const place = formatPath(first.path);
  const isSameHostPort = first.hostPort === again.hostPort;
  if ((isSameHostPort && first.hostIP === again.hostIP) || first.hostPort === 0 || again.hostPort === 0)
    return `is also declared at ${place}; all containers of a pod share one network`;
  if (isSameHostPort && (first.hostIP === '') !== (again.hostIP === ''))
    return `has the same hostPort as ${place}, but only one of the two has a hostIP: Kubernetes does not define the address of the other`;
  return undefined;
}
