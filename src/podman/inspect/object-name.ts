import { isObject } from '../../base/json-members.ts';
import { POD_DEFAULTS } from '../../kube/spec/defaults.ts';
import { objectName, type ObjectName } from '../../kube/spec/qualified-name.ts';
import { LABEL } from '../labels.ts';
import { lastAppliedSettings } from '../last-applied.ts';
import type { ObservedPod } from './observed.ts';

type NamedPod = Pick<ObservedPod, 'name' | 'labels' | 'service'>;

/**
 * The name and namespace of the object of a podman pod: those of a Service for the podman pod of a Service. Earlier versions
 * of podpose left the namespace out of podman's name; their records have it.
 */
export function observedName(pod: NamedPod): ObjectName {
  const qualified = pod.service?.record.service.name ?? pod.name;
  const parts = objectName(qualified);
  return parts.name === qualified
    ? { name: qualified, namespace: recordedNamespace(pod) ?? POD_DEFAULTS.namespace }
    : parts;
}

/**
 * The namespace in the record of a podman pod; undefined for one that records none: with the host network, or from podpose 0.2.
 */
export function recordedNamespace({ labels, service }: NamedPod): string | undefined {
  if (service !== undefined) return service.record.service.namespace;
  const { spec } = lastAppliedSettings(labels);
  const { namespace } = isObject(spec) ? spec : {};
  if ((labels[LABEL.network] ?? '') === '' && namespace === undefined) return undefined;
  return typeof namespace === 'string' ? namespace : POD_DEFAULTS.namespace;
}
