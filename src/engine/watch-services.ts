import { carryOut } from '../apply/carry-out.ts';
import { stableJson } from '../base/stable-json.ts';
import { servedPorts, type Backend, type Endpoint, type HostEndpoint } from '../kube/services/endpoints.ts';
import { externalHosts, externalTarget, type KnownNames } from '../kube/services/external-name.ts';
import type { DesiredService } from '../kube/spec/desired-service.ts';
import type { ContainersAndPods } from '../podman/inspect/decode.ts';
import { isServing, observedBackend } from '../podman/inspect/backends.ts';
import type { ObservedPod } from '../podman/inspect/observed.ts';
import { podMembers } from '../podman/inspect/pod-members.ts';
import type { PodmanClient } from '../podman/client/client.ts';
import type { PodmanCapabilities } from '../podman/inspect/version.ts';
import type { SetServiceRules } from '../podman/operations/service.ts';
import type { HostWatch } from './watch-hosts.ts';
import { serviceName } from '../podman/names.ts';
import { recordedServices } from '../podman/inspect/recorded-services.ts';
import type { EndpointsLock } from './endpoints-lock.ts';

/** Keeps the endpoints of Services at the pods that are ready. */
export interface ServiceWatch {
  /**
   * Sets the rules of the Services whose endpoints have changed, unless that is under way. It does not need the lock of the project: rules
   * are replaced as a whole, and nothing else is changed.
   * @param isReady what the probes of a container say, by podman's ID; undefined for one without probes
   */
  readonly follow: (look: ContainersAndPods, isReady: (id: string) => boolean | undefined) => Promise<void>;
  /** Whether there are rules to set. */
  readonly isPending: (look: ContainersAndPods, isReady: (id: string) => boolean | undefined) => boolean;
  /** Sets all rules the next time: another podpose may have changed them. */
  readonly forget: () => void;
}

export interface ServiceWatchContext {
  readonly project: string;
  readonly podman: () => PodmanClient;
  readonly capabilities: PodmanCapabilities;
  readonly lock: EndpointsLock;
  readonly stop: AbortSignal;
  readonly hosts: HostWatch;
  /** Reports an error of podman. */
  readonly report: (message: string) => void;
  /** Called after rules could not be set, or when endpoints may have changed in the meantime. */
  readonly again: () => void;
}

export function watchServices({ project, report, again, ...context }: ServiceWatchContext): ServiceWatch {
  const known = new Map<string, string>();
  let isUnderWay = false;
  let missed = 0;
  const changedRules = (look: ContainersAndPods, isReady: (id: string) => boolean | undefined) =>
    rulesOf(project, look, isReady, context.hosts).filter(
      ({ rules, key }) => known.get(rules.service) !== key,
    );
  return {
    forget: () => {
      known.clear();
    },
    isPending: (look, isReady) => isUnderWay || changedRules(look, isReady).length > 0,
    follow: async (look, isReady) => {
      context.hosts.follow(externalHosts(recordedServices(project, look)));
      if (isUnderWay) {
        missed++;
        return;
      }
      isUnderWay = true;
      const missedBefore = missed;
      let isComplete = true;
      const changed = changedRules(look, isReady);
      const release = changed.length === 0 ? undefined : await context.lock.take();
      // During a rollout, its own steps set the rules.
      if (release === undefined && changed.length > 0) isComplete = false;
      for (const { rules, key } of release === undefined ? [] : changed) {
        if (context.stop.aborted) continue;
        known.set(rules.service, key);
        const error = await carryOut(rules, { ...context, podman: context.podman() });
        if (error === undefined) continue;
        known.delete(rules.service);
        isComplete = false;
        report(error.message);
      }
      release?.();
      isUnderWay = false;
      if (!isComplete || missed > missedBefore) again();
    },
  };
}

/** The rules of each running Service, with what they depend on: a pod that was restarted has another address. */
export function rulesOf(
  project: string,
  { pods, containers }: ContainersAndPods,
  isReady: (id: string) => boolean | undefined,
  { addressesOf }: Pick<HostWatch, 'addressesOf'>,
): readonly { readonly rules: SetServiceRules; readonly key: string }[] {
  const serving = pods.filter((pod) => pod.owner?.project === project && isServing(pod, containers));
  const isProbedReady = (pod: ObservedPod) =>
    podMembers(pod.name, containers).every(({ id }) => isReady(id) !== false);
  const backendsOf = (some: readonly ObservedPod[]): readonly Backend[] =>
    some.flatMap((pod) => observedBackend(pod, containers) ?? []).sort((a, b) => (a.pod < b.pod ? -1 : 1));
  const names: KnownNames = { services: recordedServices(project, { pods, containers }), addressesOf };
  return pods.flatMap((pod) => {
    if (pod.service?.project !== project || pod.infra !== 'running') return [];
    const { service } = pod.service.record;
    const ready = service.publishNotReadyAddresses === true ? serving : serving.filter(isProbedReady);
    if (!isLookedUp(service, names)) return [];
    const ports = servedPorts(service, backendsOf(ready), names);
    const used = new Set(ports.flatMap(({ endpoints }) => endpoints.flatMap((one) => podmanPod(one) ?? [])));
    const sandboxes = [pod, ...pods.filter(({ name }) => used.has(name))].map(
      ({ id, infraStartedAt }) => `${id} ${infraStartedAt}`,
    );
    const isSticky = service.sessionAffinity === 'ClientIP';
    return [
      {
        rules: { kind: 'set-service-rules', project, service: service.name, ports, isSticky },
        key: `${stableJson(ports)} ${sandboxes.join()}`,
      },
    ];
  });
}

/** An ExternalName of a host that was not looked up yet keeps the rules that it has. */
function isLookedUp(service: DesiredService, { services, addressesOf }: KnownNames): boolean {
  const target = service.type === 'ExternalName' ? externalTarget(service, services) : undefined;
  return target?.kind !== 'host' || addressesOf(target.host) !== undefined;
}

/** podman's name of the pod that an endpoint is the address of; undefined for any other address. */
function podmanPod(endpoint: Endpoint | HostEndpoint): string | undefined {
  if ('address' in endpoint) return undefined;
  return 'pod' in endpoint ? endpoint.pod : serviceName({ name: endpoint.service });
}

/** Whether the watcher has endpoints to follow: a Service and a pod of the project run. */
export function hasServices(project: string, { pods }: ContainersAndPods): boolean {
  return (
    pods.some(({ service, infra }) => service?.project === project && infra === 'running') &&
    pods.some(({ owner, infra }) => owner?.project === project && infra === 'running')
  );
}
