import { DEFAULT_PROTOCOL } from '../../spec/defaults.ts';
import { formatPath, type FieldPath } from '../../../base/path.ts';
import type { Finding } from '../finding.ts';
import { containersOf, type PodObject } from '../../spec/pod-object.ts';

interface DeclaredPort {
  readonly path: FieldPath;
  /** The containers that share host ports: all app containers, or one init container. */
  readonly sharing: string;
  readonly name: string;
  readonly containerPort: number;
  readonly hostPort: number;
  /** Where the host port is written. */
  readonly hostPortField: 'containerPort' | 'hostPort';
  readonly hostIP: string;
  readonly protocol: string;
}

/** Compares the ports of all containers of a pod, which share one network. */
export function* checkDeclaredPorts(pod: PodObject): Iterable<Finding> {
  const ports = declaredPorts(pod);
  yield* checkHostPortsDiffer(ports);
  yield* checkContainerPortsDiffer(ports);
  yield* checkPortNamesDiffer(ports);
}

function declaredPorts(pod: PodObject): readonly DeclaredPort[] {
  // defaultHostNetworkPorts in pkg/apis/core/v1/defaults.go.
  const isOnHost = pod.value.spec?.hostNetwork === true && pod.isTemplate !== true;
  return containersOf(pod).flatMap(({ path, role, value }) =>
    (value.ports ?? []).flatMap(
      (
        { containerPort, protocol = DEFAULT_PROTOCOL, hostPort = 0, hostIP = '', name = '' },
        index,
      ): readonly DeclaredPort[] => {
        if (containerPort === undefined) return [];
        const isFilledIn = isOnHost && hostPort === 0;
        return [
          {
            path: [...path, 'ports', index],
            sharing: role === 'init' ? formatPath(path) : '',
            name,
            containerPort,
            hostPort: isFilledIn ? containerPort : hostPort,
            hostPortField: isFilledIn ? 'containerPort' : 'hostPort',
            hostIP,
            protocol,
          },
        ];
      },
    ),
  );
}

/** AccumulateUniqueHostPorts in pkg/apis/core/validation, which compares addresses as texts. */
function* checkHostPortsDiffer(ports: readonly DeclaredPort[]): Iterable<Finding> {
  const firsts = new Map<string, DeclaredPort>();
  for (const port of ports) {
    if (port.hostPort === 0) continue;
    const key = [port.sharing, port.protocol, port.hostIP, port.hostPort].join(' ');
    const first = firsts.get(key);
    if (first === undefined) firsts.set(key, port);
    else
      yield {
        code: 'duplicate-host-port',
        path: [...port.path, port.hostPortField],
        message: `${port.protocol} port ${port.hostPort} of the host is already used by ${formatPath(first.path)}`,
        help: 'Only one container can listen on a port: change one of the two.',
      };
  }
}

/**
 * Two host ports or two host addresses may map to one containerPort; other duplicates are redundant or ambiguous
 * (warningsForPodSpecAndMeta in pkg/api/pod/warnings.go of Kubernetes, which compares with all earlier ports).
 */
function* checkContainerPortsDiffer(ports: readonly DeclaredPort[]): Iterable<Finding> {
  const all = new Map<string, DeclaredPort[]>();
  for (const port of ports) {
    const key = `${port.containerPort}/${port.protocol}`;
    const earlier = all.get(key) ?? [];
    all.set(key, earlier);
    const found = earlier.map((other) => overlap(other, port)).find((text) => text !== undefined);
    if (found !== undefined)
      yield {
        code: 'duplicate-container-port',
        severity: 'warning',
        path: [...port.path, 'containerPort'],
        message: `${key} ${found}`,
      };
    earlier.push(port);
  }
}

/** The problem of two declarations of one containerPort; undefined if both are valid, or reported as an error. */
function overlap(first: DeclaredPort, again: DeclaredPort): string | undefined {
  const place = formatPath(first.path);
  const isSameHostPort = first.hostPort === again.hostPort;
  const isSame = isSameHostPort && first.hostIP === again.hostIP;
  if (isSame && again.hostPort !== 0 && first.sharing === again.sharing) return undefined;
  if (isSame || first.hostPort === 0 || again.hostPort === 0)
    return `is also declared at ${place}; all containers of a pod share one network`;
  if (isSameHostPort && (first.hostIP === '') !== (again.hostIP === ''))
    return `has the same hostPort as ${place}, but only one of the two has a hostIP: Kubernetes does not define the address of the other`;
  return undefined;
}

/** Within one container, a second port of a name is an error. */
function* checkPortNamesDiffer(ports: readonly DeclaredPort[]): Iterable<Finding> {
  const firsts = new Map<string, DeclaredPort>();
  for (const port of ports) {
    if (port.name === '') continue;
    const first = firsts.get(port.name);
    if (first === undefined) firsts.set(port.name, port);
    else if (formatPath(first.path.slice(0, -2)) !== formatPath(port.path.slice(0, -2)))
      yield {
        code: 'duplicate-port-name',
        severity: 'warning',
        path: [...port.path, 'name'],
        message: `'${port.name}' is also the name of ${formatPath(first.path)}, which a Service and a probe then mean`,
      };
  }
}
