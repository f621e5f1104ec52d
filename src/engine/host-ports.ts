import type { Diagnostic } from '../base/diagnostic.ts';
import { formatPath, type FieldPath } from '../base/path.ts';
import type { HostPort } from '../kube/spec/desired.ts';
import type { SourcedPod } from '../kube/pod-set.ts';
import type { Action } from '../plan/change.ts';
import { collide, lastAppliedHostPorts } from '../podman/inspect/host-ports.ts';
import type { ObservedPod } from '../podman/inspect/observed.ts';
import type { EnginePlatform } from './engine.ts';
import type { PlannedProject } from './plan-project.ts';

/**
 * Checks that the host ports of new pods are free. Without the check, podman would fail with the pod half created.
 * Ports of pods that the plan removes or replaces count as free. Those of a proxy were tried when they were chosen.
 */
export async function checkHostPorts(
  platform: EnginePlatform,
  { pods, plan, observed }: PlannedProject,
): Promise<readonly Diagnostic[]> {
  const podsThat = (...actions: readonly Action[]) =>
    new Set(
      plan.changes.flatMap(({ subject, action }) =>
        subject.kind === 'pod' && actions.includes(action) ? [subject.pod] : [],
      ),
    );
  const created = podsThat('create', 'replace');
  const removed = podsThat('replace', 'remove');
  const running = observed.pods
    .filter(({ infra }) => infra === 'running' || infra === 'paused')
    .map((pod) => ({ pod, isRemoved: isOwn(pod, plan.project) && removed.has(pod.name) }));
  const found = await Promise.all(
    pods
      .filter(
        ({ pod, isProxy }) => isProxy !== true && created.has(pod.name) && isKnown(pod.name, observed.pods),
      )
      .flatMap((sourced) =>
        sourced.pod.sandbox.hostPorts.flatMap((port) => {
          const users = running.filter(({ pod }) =>
            lastAppliedHostPorts(pod).some((used) => collide(used, port)),
          );
          const isReleased = users.length > 0 && users.every(({ isRemoved }) => isRemoved);
          return isReleased
            ? []
            : [checkPort(platform, sourced, port, { project: plan.project, user: users[0]?.pod })];
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

interface PortUse {
  readonly project: string;
  /** The pod that uses the port, if podpose created it. */
  readonly user: ObservedPod | undefined;
}

async function checkPort(
  platform: EnginePlatform,
  sourced: SourcedPod,
  port: HostPort,
  use: PortUse,
): Promise<Diagnostic | undefined> {
  const answer = await platform.probePort({
    address: port.hostIP,
    port: port.hostPort,
    protocol: port.protocol,
  });
  if (answer === 'free') return undefined;
  const path = pathOf(sourced, port);
  const address = `${port.hostIP}:${port.hostPort}`;
  const words = {
    'in-use': { code: 'port-in-use' as const, ...inUseWords(port, address, use) },
    'not-permitted': {
      code: 'port-privileged' as const,
      message: `cannot bind port ${port.hostPort} without root`,
      help: `Use a hostPort of 1024 or more, or lower the limit of this machine: sudo sysctl net.ipv4.ip_unprivileged_port_start=${port.hostPort}`,
    },
    'no-such-address': {
      code: 'port-address' as const,
      message: `${port.hostIP} is not an address of this machine`,
      help: "Use 127.0.0.1, 0.0.0.0, or an address listed by 'ip address'.",
    },
  }[answer];
  return { ...words, severity: 'error', path: formatPath(path), location: sourced.locate(path) };
}

function inUseWords({ hostPort }: HostPort, address: string, { project, user }: PortUse) {
  if (user === undefined)
    return {
      message: `port ${address} is already in use`,
      help: `Use another hostPort, or stop the program. To show it: ss -ltnp 'sport = :${hostPort}'`,
    };
  const owner = user.owner?.project ?? '';
  return owner === project
    ? {
        message: `port ${address} is already in use by pod/${user.name} of this project`,
        help: `The pod is not in the given files. Use --remove-orphans to remove it, or use another hostPort.`,
      }
    : {
        message: `port ${address} is already in use by pod/${user.name} of project '${owner}'`,
        help: `Use another hostPort, or remove that pod: podpose -p ${owner} down ${user.name}`,
      };
}

function pathOf({ pod }: SourcedPod, port: HostPort): FieldPath {
  const list = pod.containers.some(({ name }) => name === port.container) ? 'containers' : 'initContainers';
  const index = pod[list].findIndex(({ name }) => name === port.container);
  return ['spec', list, index, 'ports'];
}
