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
 * Tries the host ports of the pods that are about to be made. A port that is taken would be found out only
 * when half of the pod is there. What the plan removes or replaces frees its ports before.
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

/** Which ports a pod holds that something else has made, and that is taken over, nothing says. */
function isKnown(name: string, pods: readonly ObservedPod[]): boolean {
  const existing = pods.find((pod) => pod.name === name);
  return existing === undefined || existing.owner !== undefined;
}

interface Holding {
  readonly project: string;
  /** The pod that has the port, where podpose has made it. */
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
      message: `this user may not listen on port ${port.hostPort}`,
      help: 'Use a hostPort of 1024 or more, or allow it for the whole machine: sudo sysctl net.ipv4.ip_unprivileged_port_start=80.',
    },
    'no-such-address': {
      code: 'port-address' as const,
      message: `this machine has no address ${port.hostIP}`,
      help: 'Use 127.0.0.1, 0.0.0.0, or an address that `ip address` shows.',
    },
  }[answer];
  return { ...words, severity: 'error', path: formatPath(path), location: sourced.locate(path) };
}

function inUseWords({ hostPort }: HostPort, place: string, { project, holder }: Holding) {
  if (holder === undefined)
    return {
      message: `another program listens on ${place} already`,
      help: `Stop it, or use another hostPort. \`ss -ltnp 'sport = :${hostPort}'\` shows which it is.`,
    };
  const owner = holder.owner?.project ?? '';
  return owner === project
    ? {
        message: `pod '${holder.name}' of this project listens on ${place} already`,
        help: `It is in none of the files: --remove-orphans removes it first. Or use another hostPort.`,
      }
    : {
        message: `pod '${holder.name}' of the project '${owner}' listens on ${place} already`,
        help: `Use another hostPort, or take that pod down: podpose -p ${owner} down ${holder.name}`,
      };
}

function pathOf({ pod }: SourcedPod, port: HostPort): FieldPath {
  const list = pod.containers.some(({ name }) => name === port.container) ? 'containers' : 'initContainers';
  const index = pod[list].findIndex(({ name }) => name === port.container);
  return ['spec', list, index, 'ports'];
}
