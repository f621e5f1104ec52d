import { isSupportedKind, type Kind, type SupportedKind } from './kinds.ts';
import { apiVersions } from './schema/generated/api-versions.ts';

/** A kind of Kubernetes that podpose does not use. The pods run without it; a warning names the lost function. */
export interface OtherKind {
  /** The lost function: a clause that follows a colon. */
  readonly lost: string;
}

function ignored(lost: string): OtherKind {
  return { lost };
}

const noRequests = 'there is no API server, so there is no authorization';
const noAdmission = 'there is no API server, so there is no admission control';
const noDrivers =
  'there are no storage drivers; PersistentVolumeClaims are backed by directories on this machine';
const noDevices = 'dynamic resource allocation needs a cluster';

/** The kinds of Kubernetes 1.36 besides the supported ones. */
export const otherKinds: Readonly<Record<Exclude<Kind, SupportedKind>, OtherKind>> = {
  APIService: ignored('there is no API server to extend'),
  CertificateSigningRequest: ignored('no certificates are signed'),
  ClusterRole: ignored(noRequests),
  ClusterRoleBinding: ignored(noRequests),
  ClusterTrustBundle: ignored('pods get certificates only from ConfigMaps and Secrets'),
  ControllerRevision: ignored('it is internal state of a cluster controller'),
  CSIDriver: ignored(noDrivers),
  CSINode: ignored(noDrivers),
  CSIStorageCapacity: ignored(noDrivers),
  CustomResourceDefinition: ignored('there is no API server, and custom resources are not supported'),
  DeviceClass: ignored(noDevices),
  DeviceTaintRule: ignored(noDevices),
  Event: ignored('it reports an event of a cluster'),
  FlowSchema: ignored(noRequests),
  HorizontalPodAutoscaler: ignored('pods are not scaled automatically'),
  IngressClass: ignored('one proxy applies the rules of all Ingresses'),
  IPAddress: ignored('a Service gets an address of the network of its project'),
  Lease: ignored('there is no API server'),
  LimitRange: ignored('default and maximum resources are not enforced'),
  MutatingAdmissionPolicy: ignored(noAdmission),
  MutatingAdmissionPolicyBinding: ignored(noAdmission),
  MutatingWebhookConfiguration: ignored(noAdmission),
  NetworkPolicy: ignored('network policies are not enforced; all pods can reach each other'),
  Node: ignored('this machine is the only node'),
  PodDisruptionBudget: ignored('pods are not evicted, and podpose stops them only on request'),
  PodTemplate: ignored('no pod is created from it'),
  PriorityClass: ignored('there is no scheduler, so pods are not preempted'),
  PriorityLevelConfiguration: ignored(noRequests),
  ResourceClaim: ignored(noDevices),
  ResourceClaimTemplate: ignored(noDevices),
  ResourceQuota: ignored('the total resource usage of all pods is not limited'),
  ResourceSlice: ignored(noDevices),
  Role: ignored(noRequests),
  RoleBinding: ignored(noRequests),
  RuntimeClass: ignored("containers use podman's OCI runtime"),
  ServiceAccount: ignored('there is no API server for pods to access'),
  ServiceCIDR: ignored('a Service gets an address of the network of its project'),
  StorageClass: ignored(noDrivers),
  StorageVersionMigration: ignored('there is no API server'),
  ValidatingAdmissionPolicy: ignored(noAdmission),
  ValidatingAdmissionPolicyBinding: ignored(noAdmission),
  ValidatingWebhookConfiguration: ignored(noAdmission),
  VolumeAttachment: ignored(noDrivers),
  VolumeAttributesClass: ignored(noDrivers),
};

/** Kinds that no API server serves any more, with what replaced them: a sentence. */
export const removedKinds: Readonly<Record<string, string>> = {
  ComponentStatus: 'The health endpoints of the control plane replace it.',
  PodPreset: 'It was removed in Kubernetes 1.20. Write the values into the pods.',
  PodSecurityPolicy:
    'It was removed in Kubernetes 1.25. Pod Security Admission replaces it: label the namespace.',
};

export function otherKind(kind: Kind): OtherKind | undefined {
  return isSupportedKind(kind) ? undefined : otherKinds[kind];
}

/** Whether the pods run without the objects of the kind. */
export function isIgnoredKind(kind: Kind): boolean {
  return otherKind(kind) !== undefined;
}

/** The API group of an apiVersion: `apps` for `apps/v1`, empty for `v1`. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/', 1)[0] ?? '') : '';
}

const ownGroups: ReadonlySet<string> = new Set(Object.values(apiVersions).map(groupOf));

/** Former API groups of Kubernetes, and groups with request objects only. */
const otherOwnGroups: ReadonlySet<string> = new Set([
  'authentication.k8s.io',
  'authorization.k8s.io',
  'events.k8s.io',
  'extensions',
  'internal.apiserver.k8s.io',
]);

/** Whether the API group is one of custom resources: their names are domains. */
export function isCustomGroup(group: string): boolean {
  return group.includes('.') && !ownGroups.has(group) && !otherOwnGroups.has(group);
}
