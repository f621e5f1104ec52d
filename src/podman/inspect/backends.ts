import { isObject } from '../../base/json-members.ts';
import { namedPorts, type Backend } from '../../kube/services/endpoints.ts';
import { POD_DEFAULTS } from '../../kube/spec/defaults.ts';
import { decodeDeclared, LABEL, LABEL_PREFIX } from '../labels.ts';
import { isSidecarRecord, lastAppliedSettings } from '../last-applied.ts';
import type { ObservedContainer, ObservedPod } from './observed.ts';
import { podMembers } from './pod-members.ts';

/** A pod of podman as a Service sees it; undefined for one that is not on a network of podpose. */
export function observedBackend(
  { name, labels, owner }: ObservedPod,
  containers: readonly ObservedContainer[],
): Backend | undefined {
  if (owner === undefined || (labels[LABEL.network] ?? '') === '') return undefined;
  const { spec } = lastAppliedSettings(labels);
  const namespace = isObject(spec) ? spec['namespace'] : undefined;
  return {
    pod: name,
    labels: Object.fromEntries(Object.entries(labels).filter(([key]) => !key.startsWith(LABEL_PREFIX))),
    namespace: typeof namespace === 'string' ? namespace : POD_DEFAULTS.namespace,
    ports: podMembers(name, containers)
      .filter(isLasting)
      .flatMap((container) => namedPorts(decodeDeclared(container.labels)?.['ports'])),
  };
}

/** Whether a container is there as long as its pod: an app container or a sidecar. */
export function isLasting({ owner, labels }: ObservedContainer): boolean {
  return owner?.role === 'container' || isSidecarRecord(labels);
}

/** Whether a pod gets connections, as far as podman tells: all its lasting containers run. */
export function isServing({ name, infra }: ObservedPod, containers: readonly ObservedContainer[]): boolean {
  const own = podMembers(name, containers).filter(isLasting);
  return infra === 'running' && own.length > 0 && own.every(({ state }) => state === 'running');
}
