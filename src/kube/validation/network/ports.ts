import { POD_DEFAULTS } from '../../spec/defaults.ts';
import { formatPath, type FieldPath } from '../../../base/path.ts';
import type { Incomplete } from '../../../manifest/checked-document.ts';
import type { ContainerPort } from '../../../manifest/schema/generated/kubernetes.ts';
import { duplicates, withNames } from '../duplicates.ts';
import type { Finding } from '../finding.ts';
import { isIPAddress } from '../../spec/ip-address.ts';
import { checkNameWithReferences, portReferences } from '../../fix/pod-names.ts';
import { portName } from '../names.ts';
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
    // An empty name is none (validateContainerPorts in pkg/apis/core/validation).
    const named = withNames(container.value.ports, list).filter(({ name }) => name !== '');
    const names = named.map(({ name }) => name);
    for (const { name, path } of named)
      yield* checkNameWithReferences(
        pod,
        portName,
        { name, path },
        () => portReferences(container, name),
        names,
      );
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
    // No server looks at it.
    yield { code: 'invalid-host-ip', path: [...path, 'hostIP'], message: `invalid IP address '${hostIP}'` };
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
  const isCompared = hostNetwork && container.role === 'container';
  if (isCompared && containerPort !== undefined && hostPort !== containerPort)
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
