import type { FieldPath } from '../../base/path.ts';
import type { Kind } from '../../manifest/kinds.ts';
import type { Finding } from './finding.ts';
import { anyName, dnsLabel, dnsSubdomain, labelKeyProblem, pathSegment, type NameRule } from './names.ts';

/*
 * What metadata of a kind must be, from the Validate functions in pkg/apis/.../validation and the strategies in pkg/registry
 * of Kubernetes 1.36.
 */

/** Kinds whose names need not be a DNS subdomain. */
const nameRules: { readonly [K in Kind]?: NameRule } = {
  APIService: pathSegment,
  CertificateSigningRequest: pathSegment,
  ClusterRole: pathSegment,
  ClusterRoleBinding: pathSegment,
  ClusterTrustBundle: pathSegment,
  CustomResourceDefinition: pathSegment,
  Event: pathSegment,
  IPAddress: anyName,
  Namespace: dnsLabel,
  PodDisruptionBudget: pathSegment,
  Role: pathSegment,
  RoleBinding: pathSegment,
  // RelaxedServiceNameValidation is on since 1.36: a digit may be first.
  Service: dnsLabel,
  StatefulSet: dnsLabel,
};

export function nameRuleOf(kind: Kind): NameRule {
  return nameRules[kind] ?? dnsSubdomain;
}

/** Their `generateName` is not checked by the rule for names (ValidateObjectMetaWithOpts); the generated name is. */
const noPrefixRule: ReadonlySet<Kind> = new Set(['DeviceClass', 'ReplicationController']);

export function withoutPrefixRule(kind: Kind): boolean {
  return noPrefixRule.has(kind);
}

const admissionKinds: readonly Kind[] = [
  'MutatingAdmissionPolicy',
  'MutatingAdmissionPolicyBinding',
  'MutatingWebhookConfiguration',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
];

/** Kinds of the cluster, which have no namespace. */
const clusterKinds: ReadonlySet<Kind> = new Set([
  ...admissionKinds,
  'APIService',
  'CSIDriver',
  'CSINode',
  'CertificateSigningRequest',
  'ClusterRole',
  'ClusterRoleBinding',
  'ClusterTrustBundle',
  'CustomResourceDefinition',
  'DeviceClass',
  'DeviceTaintRule',
  'FlowSchema',
  'IPAddress',
  'IngressClass',
  'Namespace',
  'Node',
  'PersistentVolume',
  'PriorityClass',
  'PriorityLevelConfiguration',
  'ResourceSlice',
  'RuntimeClass',
  'ServiceCIDR',
  'StorageClass',
  'StorageVersionMigration',
  'VolumeAttachment',
  'VolumeAttributesClass',
]);

export function isNamespaced(kind: Kind): boolean {
  return !clusterKinds.has(kind);
}

/** Kinds whose generation a server sets before it validates. */
const generationKinds: ReadonlySet<Kind> = new Set([
  ...admissionKinds,
  'APIService',
  'CronJob',
  'CustomResourceDefinition',
  'DaemonSet',
  'Deployment',
  'DeviceClass',
  'DeviceTaintRule',
  'EndpointSlice',
  'FlowSchema',
  'Ingress',
  'IngressClass',
  'Job',
  'NetworkPolicy',
  'Pod',
  'PodDisruptionBudget',
  'PodTemplate',
  'PriorityClass',
  'PriorityLevelConfiguration',
  'ReplicaSet',
  'ReplicationController',
  'ResourceSlice',
  'StatefulSet',
]);

export function resetsGeneration(kind: Kind): boolean {
  return generationKinds.has(kind);
}

/** Kinds that have no rule for finalizers besides their form. */
const withoutFinalizerRule: ReadonlySet<Kind> = new Set([
  ...admissionKinds,
  'APIService',
  'CustomResourceDefinition',
  'Lease',
  'PodDisruptionBudget',
  'RuntimeClass',
]);

export function hasFinalizerRule(kind: Kind): boolean {
  return !withoutFinalizerRule.has(kind);
}

/** Finalizers of Kubernetes that have no domain. */
const standardFinalizers: readonly string[] = ['kubernetes', 'orphan', 'foregroundDeletion'];

/** ValidateFinalizers in apimachinery and validateKubeFinalizerName in pkg/apis/core/validation. */
export function* checkFinalizerNames(
  finalizers: readonly string[],
  needDomain: boolean,
  path: FieldPath,
): Iterable<Finding> {
  for (const [index, finalizer] of finalizers.entries()) {
    const at = [...path, index];
    const message = labelKeyProblem(finalizer);
    if (message !== undefined) yield { code: 'invalid-name', path: at, message };
    else if (needDomain && !finalizer.includes('/') && !standardFinalizers.includes(finalizer))
      yield {
        code: 'invalid-name',
        path: at,
        message: `'${finalizer}' must be DOMAIN/NAME or one of ${standardFinalizers.join(', ')}`,
      };
  }
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion'))
    yield {
      code: 'several-values',
      path: [...path, finalizers.indexOf('foregroundDeletion')],
      message: "'orphan' and 'foregroundDeletion' are mutually exclusive",
    };
}
