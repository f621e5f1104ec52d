import { carryOut } from '../apply/carry-out.ts';
import { stableJson } from '../base/stable-json.ts';
import { servedPorts, type Backend } from '../kube/services/endpoints.ts';
import type { ContainersAndPods } from '../podman/inspect/decode.ts';
import { isServing, observedBackend } from '../podman/inspect/backends.ts';
import type { ObservedPod } from '../podman/inspect/observed.ts';
import { podMembers } from '../podman/inspect/pod-members.ts';
import type { PodmanClient } from '../podman/client/client.ts';
import type { PodmanCapabilities } from '../podman/inspect/version.ts';
import type { SetServiceRules } from '../podman/operations/service.ts';
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
    rulesOf(project, look, isReady).filter(({ rules, key }) => known.get(rules.service) !== key);
  return {
    forget: () => {
      known.clear();
    },
    isPending: (look, isReady) => isUnderWay || changedRules(look, isReady).length > 0,
    follow: async (look, isReady) => {
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
): readonly { readonly rules: SetServiceRules; readonly key: string }[] {
  const serving = pods.filter((pod) => pod.owner?.project === project && isServing(pod, containers));
  const isProbedReady = (pod: ObservedPod) =>
    podMembers(pod.name, containers).every(({ id }) => isReady(id) !== false);
  const backendsOf = (some: readonly ObservedPod[]): readonly Backend[] =>
    some.flatMap((pod) => observedBackend(pod, containers) ?? []).sort((a, b) => (a.pod < b.pod ? -1 : 1));
  return pods.flatMap((pod) => {
    if (pod.service?.project !== project || pod.infra !== 'running') return [];
    const { service } = pod.service.record;
    const ready = service.publishNotReadyAddresses === true ? serving : serving.filter(isProbedReady);
    const ports = servedPorts(service, backendsOf(ready));
    const starts = [pod, ...ready].map(({ id, infraStartedAt }) => `${id} ${infraStartedAt}`);
    const used = new Set(
      ports.flatMap(({ endpoints }) => endpoints.flatMap((one) => ('pod' in one ? [one.pod] : []))),
    );
    const sandboxes = starts.filter((_, index) => index === 0 || used.has(ready[index - 1]?.name ?? ''));
    const isSticky = service.sessionAffinity === 'ClientIP';
    return [
      {
        rules: { kind: 'set-service-rules', project, service: service.name, ports, isSticky },
        key: `${stableJson(ports)} ${sandboxes.join()}`,
      },
    ];
  });
}

/** Whether the watcher has endpoints to follow: a Service and a pod of the project run. */
export function hasServices(project: string, { pods }: ContainersAndPods): boolean {
  return (
    pods.some(({ service, infra }) => service?.project === project && infra === 'running') &&
    pods.some(({ owner, infra }) => owner?.project === project && infra === 'running')
  );
}
