import type { FieldPath } from '../../../base/path.ts';
import { containersOf, type PodObject } from '../../spec/pod-object.ts';
import type { Finding } from '../finding.ts';
import { hasParentStep } from '../path-syntax.ts';
import { tolerationsProblem } from './tolerations-annotation.ts';

/** Of the copy of a static pod that a kubelet registers. */
export const MIRROR_ANNOTATION = 'kubernetes.io/config.mirror';

const TOLERATIONS = 'scheduler.alpha.kubernetes.io/tolerations';
const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';
export const SECCOMP_POD = 'seccomp.security.alpha.kubernetes.io/pod';
export const SECCOMP_CONTAINER = 'container.seccomp.security.alpha.kubernetes.io/';
export const APPARMOR_CONTAINER = 'container.apparmor.security.beta.kubernetes.io/';
const LOCALHOST = 'localhost/';

/** Annotations without effect, each with the field that replaced it (deprecatedAnnotations in pkg/api/pod/warnings.go). */
const REPLACED: Readonly<Record<string, string>> = {
  'scheduler.alpha.kubernetes.io/critical-pod': 'spec.priorityClassName',
  'security.alpha.kubernetes.io/sysctls': 'spec.securityContext.sysctls',
  'security.alpha.kubernetes.io/unsafe-sysctls': 'spec.securityContext.sysctls',
};

/** ValidatePodSpecificAnnotations in pkg/apis/core/validation, and the warnings of pkg/api/pod/warnings.go. */
export function* checkServerAnnotations(pod: PodObject): Iterable<Finding> {
  const annotations = pod.value.metadata?.annotations ?? {};
  for (const [key, value = ''] of Object.entries(annotations)) {
    const path = ['metadata', 'annotations', key];
    const message = problemOf(pod, key, value);
    if (message !== undefined) yield { code: 'invalid-annotation', path, message };
    const field = Object.hasOwn(REPLACED, key) ? REPLACED[key] : undefined;
    if (field !== undefined) yield replaced(path, field);
  }
}

/** An annotation that a field replaced. The profile is the value of the field, as YAML. */
export function replaced(path: FieldPath, field: string, profile?: string): Finding {
  return {
    code: 'deprecated',
    severity: 'warning',
    path,
    at: 'key',
    message: `has no effect: Kubernetes replaced this annotation with ${field}`,
    help:
      profile === undefined
        ? `Use ${field}; see 'podpose explain' for its support.`
        : `Write ${field}: ${profile}`,
  };
}

function problemOf(pod: PodObject, key: string, value: string): string | undefined {
  switch (key) {
    case MIRROR_ANNOTATION:
      return (pod.value.spec?.nodeName ?? '') === '' && !pod.isPruned(['spec', 'nodeName'])
        ? 'requires spec.nodeName: a static pod is on a node'
        : undefined;
    case TOLERATIONS:
      return value === '' ? undefined : tolerationsProblem(value);
    case DELETION_COST:
      return isDeletionCost(value) ? undefined : `must be an integer of 32 bits, got '${value}'`;
    case SECCOMP_POD:
      return seccompProblem(value);
    default:
      if (key.startsWith(SECCOMP_CONTAINER)) return seccompProblem(value);
      return key.startsWith(APPARMOR_CONTAINER) ? appArmorProblem(pod, key, value) : undefined;
  }
}

/** GetDeletionCostFromPodAnnotations in pkg/apis/core/helper: no plus sign, no zeros before a positive number. */
function isDeletionCost(text: string): boolean {
  if (!/^(?:0|[1-9][0-9]*|-[0-9]+)$/.test(text)) return false;
  const cost = Number(text);
  return cost >= -(2 ** 31) && cost < 2 ** 31;
}

/** ValidateSeccompProfile in pkg/apis/core/validation. */
function seccompProblem(value: string): string | undefined {
  if (['runtime/default', 'docker/default', 'unconfined'].includes(value)) return undefined;
  if (!value.startsWith(LOCALHOST))
    return `'${value}' is not a seccomp profile (runtime/default, unconfined, localhost/PATH)`;
  const path = value.slice(LOCALHOST.length);
  return path.startsWith('/') || hasParentStep(path)
    ? `must be 'localhost/' and a relative path without '..', got '${value}'`
    : undefined;
}

/** ValidateAppArmorPodAnnotations in pkg/apis/core/validation. */
function appArmorProblem(pod: PodObject, key: string, value: string): string | undefined {
  const name = key.slice(APPARMOR_CONTAINER.length);
  if (!containersOf(pod).some((container) => container.value.name === name) && !hasUnknownNames(pod))
    return `there is no container '${name}'`;
  return ['', 'runtime/default', 'unconfined'].includes(value) || value.startsWith(LOCALHOST)
    ? undefined
    : `'${value}' is not an AppArmor profile (runtime/default, unconfined, localhost/NAME)`;
}

/** A name that is missing or invalid is reported itself. */
function hasUnknownNames(pod: PodObject): boolean {
  return containersOf(pod).some(({ value }) => value.name === undefined);
}
