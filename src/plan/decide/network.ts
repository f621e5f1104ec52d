import type { Diagnostic } from '../../base/diagnostic.ts';
import { count } from '../../base/text.ts';
import type { DesiredPod } from '../../kube/spec/desired.ts';
import { backendOf, selectsBackend } from '../../kube/services/endpoints.ts';
import { serviceNames } from '../../kube/services/names.ts';
import { isForwarded, type DesiredService } from '../../kube/spec/desired-service.ts';
import { clusterNames } from '../../kube/spec/host-name.ts';
import { networkName } from '../../podman/names.ts';
import type { ObservedState } from '../../podman/inspect/observed.ts';
import type { JoinedNetwork } from '../../podman/operations/pod-network.ts';
import { joinedNetwork } from '../compare/network.ts';
import type { PodDecision } from './decision.ts';

/** The network that pods without hostNetwork join. */
export interface NetworkChoice {
  /** podman's name. */
  readonly name: string;
  /** Given by --network: podpose neither creates nor removes it. Otherwise it is the network of the project. */
  readonly isGiven: boolean;
}

export function networkChoice(project: string, given: string | undefined): NetworkChoice {
  return { name: given ?? networkName(project), isGiven: given !== undefined };
}

/** Whether a pod of the files belongs on the network of the project. */
export function isOwnJoined(pods: readonly DesiredPod[], { isGiven }: NetworkChoice): boolean {
  return !isGiven && pods.some(({ sandbox }) => !sandbox.hostNetwork);
}

/** Whether a pod is created on the network, or already on it and changed, so that it needs it. */
export function needsNetwork({ desired, pod, current }: PodDecision, { name }: NetworkChoice): boolean {
  if (desired.sandbox.hostNetwork) return false;
  return pod.kind === 'create' || pod.kind === 'replace' || joinedBy(current) === name;
}

function joinedBy(current: PodDecision['current']): string | undefined {
  return current === undefined ? undefined : joinedNetwork(current);
}

/** Whether the network has a DNS server. That of a project is created with one if it can start. */
export function hasDns(
  { name, isGiven }: NetworkChoice,
  { networks = [], networkDnsFails = false }: Pick<ObservedState, 'networks' | 'networkDnsFails'>,
): boolean {
  const found = networks.find((network) => network.name === name);
  return found?.resolvesNames ?? (!isGiven && !networkDnsFails);
}

/** How a pod joins the network; undefined with hostNetwork. */
export function joining(
  pod: DesiredPod,
  choice: NetworkChoice,
  observed: Pick<ObservedState, 'networks' | 'networkDnsFails'>,
  services: readonly DesiredService[] = [],
): JoinedNetwork | undefined {
  if (pod.sandbox.hostNetwork) return undefined;
  const resolvesNames = hasDns(choice, observed);
  return {
    name: choice.name,
    aliases: resolvesNames ? aliasesOf(pod, services) : [],
    asksDns: resolvesNames && pod.sandbox.dnsPolicy !== 'None',
  };
}

/**
 * The names of a pod: its own, unless a Service has the same, and those of the headless Services that select it, so that these
 * resolve to all of their pods.
 */
function aliasesOf(pod: DesiredPod, services: readonly DesiredService[]): readonly string[] {
  const backend = backendOf(pod);
  const headless = services.filter(
    (service) => service.type === 'Headless' && backend !== undefined && selectsBackend(service, backend),
  );
  const taken = new Set(services.filter(isForwarded).flatMap(serviceNames));
  const own = clusterNames(pod).filter((name) => !taken.has(name));
  return [...new Set([...own, ...headless.flatMap(serviceNames)])];
}

/** Tells of pods of an earlier podpose, which are not on the network of the project: nothing recreates them for it. */
export function networkNotes(decisions: readonly PodDecision[]): readonly Diagnostic[] {
  const names = decisions
    .filter(({ desired, current, pod }) => {
      const isKept = pod.kind === 'keep' || pod.kind === 'restart';
      return isKept && !desired.sandbox.hostNetwork && joinedBy(current) === undefined;
    })
    .map(({ desired }) => `pod/${desired.name}`);
  if (names.length === 0) return [];
  const subject = names.length > 3 ? count(names.length, 'pod') : names.join(', ');
  const them = names.length === 1 ? 'it' : 'them';
  return [
    {
      code: 'not-on-network',
      severity: 'note',
      message: `created by an earlier version of podpose, without the network of the project: ${subject}`,
      help: `Other pods cannot reach ${them} by name. podpose up --force-recreate recreates ${them} on the network.`,
    },
  ];
}

/** Several pods on the network of a project whose names do not resolve there. */
export function networkWarnings(
  choice: NetworkChoice,
  pods: number,
  observed: Pick<ObservedState, 'networks' | 'networkDnsFails'>,
): readonly Diagnostic[] {
  return pods < 2 || choice.isGiven || hasDns(choice, observed) ? [] : [WITHOUT_DNS];
}

const WITHOUT_DNS: Diagnostic = {
  code: 'network-without-dns',
  severity: 'warning',
  message: 'pods cannot reach each other by name: the DNS server of a network needs a systemd user session',
  help: "Log in as this user, or run 'loginctl enable-linger', then recreate the pods: podpose down, podpose up.",
};
