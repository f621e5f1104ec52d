import type { Diagnostic } from '../base/diagnostic.ts';
import { formatPath, type FieldPath } from '../base/path.ts';
import type { HostPort } from '../kube/spec/desired.ts';
import type { SourcedPod } from '../kube/pod-set.ts';
import type { Action } from '../plan/change.ts';
import { collide, rememberedHostPorts } from '../podman/inspect/host-ports.ts';
import type { ObservedPod } from '../podman/inspect/observed.ts';
import type { EnginePlatform } from './engine.ts';
import type { PlannedProject } from './plan-project.ts';

/**
 * Checks that the host ports of new pods are free. Without the check, podman would fail with the pod half created.
 * Ports of pods that the plan removes or replaces count as free.
 */
export async function checkHostPorts(
  platform: EnginePlatform,
  { loaded, plan, observed }: PlannedProject,
): Promise<readonly Diagnostic[]> {
  const podsThat = (...actions: readonly Action[]) =>
    new Set(
      plan.changes.flatMap(({ subject, action }) =>
        subject.kind === 'pod' && actions.includes(action) ? [subject.pod] : [],
      ),
    );
  const made = podsThat('create', 'replace');
  const leaving = podsThat('replace', 'remove');
  const holders = observed.pods
    .filter(({ infra }) => infra === 'running' || infra === 'paused')
    .map((pod) => ({ pod, isLeaving: isOwn(pod, plan.project) && leaving.has(pod.name) }));
  const found = await Promise.all(
    loaded.pods
      .filter(({ pod }) => made.has(pod.name) && isKnown(pod.name, observed.pods))
      .flatMap((sourced) =>
        sourced.pod.sandbox.hostPorts.flatMap((port) => {
          const holding = holders.filter(({ pod }) =>
            rememberedHostPorts(pod).some((place) => collide(place, port)),
          );
          const isFreed = holding.length > 0 && holding.every(({ isLeaving }) => isLeaving);
          return isFreed
            ? []
            : [checkPort(platform, sourced, port, { project: plan.project, holder: holding[0]?.pod })];
        }),
      ),
  );
  return found.filter((diagnostic) => diagnostic !== undefined);
}

function isOwn({ owner }: ObservedPod, project: string): boolean {
  return owner?.project === project;
}

/** False for a pod to be adopted: its host ports are unknown. */
function isKnown(name: string, pods: readonly ObservedPod[]): boolean {
  const existing = pods.find((pod) => pod.name === name);
  return existing === undefined || existing.owner !== undefined;
}

interface Holding {
  readonly project: string;
  /** The pod that uses the port, if podpose created it. */
  readonly holder: ObservedPod | undefined;
}

async function checkPort(
  platform: EnginePlatform,
  sourced: SourcedPod,
  port: HostPort,
  holding: Holding,
): Promise<Diagnostic | undefined> {
  const answer = await platform.probePort({
    address: port.hostIP,
    port: port.hostPort,
    protocol: port.protocol,
  });
  if (answer === 'free') return undefined;
  const path = pathOf(sourced, port);
  const place = `${port.hostIP}:${port.hostPort}`;
  const words = {
    'in-use': { code: 'port-in-use' as const, ...inUseWords(port, place, holding) },
    'not-permitted': {
      code: 'port-privileged' as const,
      message: `cannot bind port ${port.hostPort} without root`,
      help: 'Use a hostPort of 1024 or more, or lower the limit of this machine: sudo sysctl net.ipv4.ip_unprivileged_port_start=80.',
    },
    'no-such-address': {
      code: 'port-address' as const,
      message: `${port.hostIP} is not an address of this machine`,
      help: "Use 127.0.0.1, 0.0.0.0, or an address listed by 'ip address'.",
    },
  }[answer];
  return { ...words, severity: 'error', path: formatPath(path), location: sourced.locate(path) };
}

function inUseWords({ hostPort }: HostPort, place: string, { project, holder }: Holding) {
  if (holder === undefined)
    return {
      message: `port ${place} is already in use`,
      help: `Use another hostPort, or stop the program. To show it: ss -ltnp 'sport = :${hostPort}'`,
    };
  const owner = holder.owner?.project ?? '';
  return owner === project
    ? {
        message: `port ${place} is already in use by pod/${holder.name} of this project`,
        help: `The pod is not in the given files. Use --remove-orphans to remove it, or use another hostPort.`,
      }
    : {
        message: `port ${place} is already in use by pod/${holder.name} of project '${owner}'`,
        help: `Use another hostPort, or remove that pod: podpose -p ${owner} down ${holder.name}`,
      };
}

function pathOf({ pod }: SourcedPod, port: HostPort): FieldPath {
  const list = pod.containers.some(({ name }) => name === port.container) ? 'containers' : 'initContainers';
  const index = pod[list].findIndex(({ name }) => name === port.container);
  return ['spec', list, index, 'ports'];
}
