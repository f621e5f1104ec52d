/** Support of the Kubernetes kinds that podpose does not use. */
export type OtherKind = IgnoredKind | RefusedKind;

/** The pods run without it; a warning names the lost function. */
export interface IgnoredKind {
  readonly support: 'ignored';
  readonly apiVersion: string;
  /** The lost function: a clause that follows a colon. */
  readonly lost: string;
}

/** It runs or exposes workloads, so it must not be ignored. */
export interface RefusedKind {
  readonly support: 'refused';
  readonly apiVersion: string;
  /** The replacement, in one or more sentences. */
  readonly instead: string;
}

function ignored(apiVersion: string, lost: string): IgnoredKind {
  return { support: 'ignored', apiVersion, lost };
}

function refused(apiVersion: string, instead: string): RefusedKind {
  return { support: 'refused', apiVersion, instead };
}

const RBAC = 'rbac.authorization.k8s.io/v1';
const NETWORKING = 'networking.k8s.io/v1';
const STORAGE = 'storage.k8s.io/v1';
const ADMISSION = 'admissionregistration.k8s.io/v1';
const RESOURCE = 'resource.k8s.io/v1';
const FLOW_CONTROL = 'flowcontrol.apiserver.k8s.io/v1';

const noRequests = 'there is no API server, so there is no authorization';
const noAdmission = 'there is no API server, so there is no admission control';
const noDrivers =
  'there are no storage drivers; PersistentVolumeClaims are backed by directories on this machine';
const noDevices = 'dynamic resource allocation needs a cluster';
const noServices = 'there are no Services';
const asPod = 'Convert its spec.template to a Pod, with a metadata.name and the same spec';

/**
 * The kinds of Kubernetes 1.36 besides `kinds`, with their current apiVersion
 * (https://kubernetes.io/docs/reference/kubernetes-api).
 */
export const otherKinds: Readonly<Record<string, OtherKind>> = {
  APIService: ignored('apiregistration.k8s.io/v1', 'there is no API server to extend'),
  CertificateSigningRequest: ignored('certificates.k8s.io/v1', 'no certificates are signed'),
  ClusterRole: ignored(RBAC, noRequests),
  ClusterRoleBinding: ignored(RBAC, noRequests),
  ClusterTrustBundle: ignored(
    'certificates.k8s.io/v1beta1',
    'pods get certificates only from ConfigMaps and Secrets',
  ),
  ControllerRevision: ignored('apps/v1', 'it is internal state of a cluster controller'),
  CronJob: refused('batch/v1', `${asPod}, and schedule 'podpose up' with cron or a systemd timer.`),
  CSIDriver: ignored(STORAGE, noDrivers),
  CSINode: ignored(STORAGE, noDrivers),
  CSIStorageCapacity: ignored(STORAGE, noDrivers),
  CustomResourceDefinition: ignored(
    'apiextensions.k8s.io/v1',
    'there is no API server, and custom resources are not supported',
  ),
  DaemonSet: refused('apps/v1', `${asPod}: there is one node, so one pod is sufficient.`),
  Deployment: refused('apps/v1', `${asPod}, one Pod for each replica.`),
  DeviceClass: ignored(RESOURCE, noDevices),
  DeviceTaintRule: ignored(RESOURCE, noDevices),
  Endpoints: ignored('v1', noServices),
  EndpointSlice: ignored('discovery.k8s.io/v1', noServices),
  Event: ignored('v1', 'it reports an event of a cluster'),
  FlowSchema: ignored(FLOW_CONTROL, noRequests),
  HorizontalPodAutoscaler: ignored('autoscaling/v2', 'pods are not scaled automatically'),
  Ingress: refused(
    NETWORKING,
    'Publish a port of a pod with hostPort. For one address for several pods, run a proxy as a pod.',
  ),
  IngressClass: ignored(NETWORKING, 'there are no Ingresses'),
  IPAddress: ignored(NETWORKING, 'there are no Services, so there are no service addresses'),
  Job: refused('batch/v1', `${asPod}; restartPolicy OnFailure retries it until it succeeds.`),
  Lease: ignored('coordination.k8s.io/v1', 'there is no API server'),
  LimitRange: ignored('v1', 'default and maximum resources are not enforced'),
  MutatingAdmissionPolicy: ignored(ADMISSION, noAdmission),
  MutatingAdmissionPolicyBinding: ignored(ADMISSION, noAdmission),
  MutatingWebhookConfiguration: ignored(ADMISSION, noAdmission),
  Namespace: ignored('v1', 'all pods of a user share one namespace'),
  NetworkPolicy: ignored(NETWORKING, 'network policies are not enforced; all pods can reach each other'),
  Node: ignored('v1', 'this machine is the only node'),
  PodDisruptionBudget: ignored('policy/v1', 'pods are not evicted, and podpose stops them only on request'),
  // Removed in Kubernetes 1.25, but still used in many files.
  PodSecurityPolicy: ignored('policy/v1beta1', 'it was removed in Kubernetes 1.25, and no pod is refused'),
  PodTemplate: ignored('v1', 'no pod is created from it'),
  PriorityClass: ignored('scheduling.k8s.io/v1', 'there is no scheduler, so pods are not preempted'),
  PriorityLevelConfiguration: ignored(FLOW_CONTROL, noRequests),
  ReplicaSet: refused('apps/v1', `${asPod}, one Pod for each replica.`),
  ReplicationController: refused('v1', `${asPod}, one Pod for each replica.`),
  ResourceClaim: ignored(RESOURCE, noDevices),
  ResourceClaimTemplate: ignored(RESOURCE, noDevices),
  ResourceQuota: ignored('v1', 'the total resource usage of all pods is not limited'),
  ResourceSlice: ignored(RESOURCE, noDevices),
  Role: ignored(RBAC, noRequests),
  RoleBinding: ignored(RBAC, noRequests),
  RuntimeClass: ignored('node.k8s.io/v1', "containers use podman's OCI runtime"),
  Service: refused(
    'v1',
    'Containers of one pod reach each other at localhost. Publish a port with hostPort for other clients.',
  ),
  ServiceAccount: ignored('v1', 'there is no API server for pods to access'),
  ServiceCIDR: ignored(NETWORKING, 'there are no Services, so there are no service addresses'),
  StatefulSet: refused(
    'apps/v1',
    `${asPod}, one Pod for each replica, and its volumeClaimTemplates to PersistentVolumeClaims.`,
  ),
  StorageClass: ignored(STORAGE, noDrivers),
  StorageVersionMigration: ignored('storagemigration.k8s.io/v1beta1', 'there is no API server'),
  ValidatingAdmissionPolicy: ignored(ADMISSION, noAdmission),
  ValidatingAdmissionPolicyBinding: ignored(ADMISSION, noAdmission),
  ValidatingWebhookConfiguration: ignored(ADMISSION, noAdmission),
  VolumeAttachment: ignored(STORAGE, noDrivers),
  VolumeAttributesClass: ignored(STORAGE, noDrivers),
};

export function otherKind(name: string): OtherKind | undefined {
  return Object.hasOwn(otherKinds, name) ? otherKinds[name] : undefined;
}

/** The API group of an apiVersion: `apps` for `apps/v1`, empty for `v1`. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/', 1)[0] ?? '') : '';
}

const ownGroups: ReadonlySet<string> = new Set(
  Object.values(otherKinds).map(({ apiVersion }) => groupOf(apiVersion)),
);

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
