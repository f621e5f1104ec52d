import { DEFAULT_PROTOCOL, POD_DEFAULTS } from '../../spec/defaults.ts';
import { formatPath, type FieldPath } from '../../../base/path.ts';
import type { Diagnostic } from '../../../base/diagnostic.ts';
import { toDiagnostic } from '../finding.ts';
import { containersOf, type PodObject } from '../../spec/pod-object.ts';

/** A host port of a container. */
interface Claim {
  readonly pod: PodObject;
  readonly path: FieldPath;
  /** As it is written. */
  readonly declaredIP: string;
  readonly hostIP: string;
  readonly hostPort: number;
  readonly protocol: string;
}

/**
 * Two containers, of one pod or of two, with the same host port: the scheduler would not put two such pods on
 * one node (HostPortInfo in k8s.io/kube-scheduler/framework). Reported for the later one in the files.
 */
export function validateHostPortConflicts(
  pods: readonly PodObject[],
  defaultHostIP: string,
): readonly Diagnostic[] {
  const taken = new Map<string, Claim>();
  return pods
    .filter(({ isProxy }) => isProxy !== true)
    .flatMap((pod) => claimsOf(pod, defaultHostIP))
    .flatMap((claim) => {
      const earlier = rivalsOf(claim).flatMap((key) => taken.get(key) ?? [])[0];
      for (const key of keysOf(claim)) if (!taken.has(key)) taken.set(key, claim);
      return earlier === undefined || isDeclaredTwice(earlier, claim) ? [] : [conflict(earlier, claim)];
    });
}

/** One pod with the same port twice is invalid by itself (checkDeclaredPorts). */
function isDeclaredTwice(earlier: Claim, later: Claim): boolean {
  return earlier.pod === later.pod && earlier.declaredIP === later.declaredIP;
}

/** What a host port occupies: the port on its address, and the port on some or on every address. */
function keysOf(claim: Claim): readonly string[] {
  const port = `${claim.hostPort}/${claim.protocol}`;
  return [
    `${port} at ${claim.hostIP}`,
    `${port} somewhere`,
    ...(isEverywhere(claim) ? [`${port} everywhere`] : []),
  ];
}

/** What must be free for a host port. */
function rivalsOf(claim: Claim): readonly string[] {
  const port = `${claim.hostPort}/${claim.protocol}`;
  return isEverywhere(claim) ? [`${port} somewhere`] : [`${port} at ${claim.hostIP}`, `${port} everywhere`];
}

function claimsOf(pod: PodObject, defaultHostIP: string): readonly Claim[] {
  const hostNetwork = pod.value.spec?.hostNetwork ?? POD_DEFAULTS.hostNetwork;
  return containersOf(pod)
    .filter(({ role }) => role === 'container')
    .flatMap(({ path, value }) =>
      (value.ports ?? []).flatMap(
        ({ containerPort = 0, hostPort = 0, hostIP = '', protocol = DEFAULT_PROTOCOL }, index) => {
          const port = hostNetwork ? containerPort : hostPort;
          const field = hostNetwork && hostPort === 0 ? 'containerPort' : 'hostPort';
          // On the host network the process chooses its address: most likely all addresses.
          const address = hostIP === '' ? (hostNetwork ? '0.0.0.0' : defaultHostIP) : hostIP;
          return port === 0
            ? []
            : [
                {
                  pod,
                  path: [...path, 'ports', index, field],
                  declaredIP: hostIP,
                  hostIP: address,
                  hostPort: port,
                  protocol,
                },
              ];
        },
      ),
    );
}

function isEverywhere({ hostIP }: Claim): boolean {
  return hostIP === '0.0.0.0' || hostIP === '::';
}

function conflict(earlier: Claim, later: Claim): Diagnostic {
  const owner = formatPath(earlier.path.slice(0, -3));
  const ofPod = earlier.pod === later.pod ? '' : ` of pod '${earlier.pod.value.metadata?.name ?? ''}'`;
  const address = earlier.hostIP === later.hostIP ? later.hostIP : `${later.hostIP} and ${earlier.hostIP}`;
  return toDiagnostic(later.pod, {
    code: 'host-port-conflict',
    path: later.path,
    message: `${later.protocol} port ${later.hostPort} on ${address} conflicts with ${owner}${ofPod}`,
    help: 'Only one container can listen on a port: change one hostPort.',
  });
}
