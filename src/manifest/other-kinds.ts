/** What podpose does with an object of a kind of Kubernetes' that it does not run. */
export type OtherKind = IgnoredKind | RefusedKind;

/** The pods run without it; what is lost is said in a warning. */
export interface IgnoredKind {
  readonly support: 'ignored';
  readonly apiVersion: string;
  /** What does not happen here: a clause that can follow a colon. */
  readonly lost: string;
}

/** It would run something, or make something reachable: without it, what the files ask for would not be there. */
export interface RefusedKind {
  readonly support: 'refused';
  readonly apiVersion: string;
  /** What to write instead, as one or more sentences. */
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

const noRequests = 'there is no API server here, and so nobody who could be allowed or denied anything';
const noAdmission = 'there is no API server here that would look at objects before it takes them';
const noDrivers = 'there are no storage drivers here, and claims get folders on this machine';
const noDevices = 'devices are handed out by the drivers of a cluster';
const noServices = 'there are no Services here that would find their pods by it';
const asPod = 'Write its spec.template as a Pod of its own, with a metadata.name and the same spec';

/**
 * The kinds of Kubernetes 1.36 besides those in `kinds` (https://kubernetes.io/docs/reference/kubernetes-api), each
 * with the apiVersion that it has now.
 */
export const otherKinds: Readonly<Record<string, OtherKind>> = {
  APIService: ignored('apiregistration.k8s.io/v1', 'there is no API server here that it could extend'),
  CertificateSigningRequest: ignored('certificates.k8s.io/v1', 'there is nobody here who signs certificates'),
  ClusterRole: ignored(RBAC, noRequests),
  ClusterRoleBinding: ignored(RBAC, noRequests),
  ClusterTrustBundle: ignored(
    'certificates.k8s.io/v1beta1',
    'no certificates are given to pods but those in ConfigMaps and Secrets',
  ),
  ControllerRevision: ignored('apps/v1', 'a controller of a cluster keeps it for itself'),
  CronJob: refused(
    'batch/v1',
    `${asPod}, without the schedule, and have cron or a systemd timer run podpose.`,
  ),
  CSIDriver: ignored(STORAGE, noDrivers),
  CSINode: ignored(STORAGE, noDrivers),
  CSIStorageCapacity: ignored(STORAGE, noDrivers),
  CustomResourceDefinition: ignored(
    'apiextensions.k8s.io/v1',
    'there is no API server here, and objects of kinds of your own are not taken',
  ),
  DaemonSet: refused('apps/v1', `${asPod}: there is one machine here, and so one pod of it.`),
  Deployment: refused('apps/v1', `${asPod}, once for each of its replicas that you need.`),
  DeviceClass: ignored(RESOURCE, noDevices),
  DeviceTaintRule: ignored(RESOURCE, noDevices),
  Endpoints: ignored('v1', noServices),
  EndpointSlice: ignored('discovery.k8s.io/v1', noServices),
  Event: ignored('v1', 'it tells of something that has happened in a cluster'),
  FlowSchema: ignored(FLOW_CONTROL, noRequests),
  HorizontalPodAutoscaler: ignored(
    'autoscaling/v2',
    'there are as many pods as the files have, however busy',
  ),
  Ingress: refused(
    NETWORKING,
    'Publish a port of a pod with hostPort. To have one address for several pods, run a proxy as a pod of your own.',
  ),
  IngressClass: ignored(NETWORKING, 'there are no Ingresses here'),
  IPAddress: ignored(NETWORKING, 'there are no Services here, and so no addresses of theirs'),
  Job: refused('batch/v1', `${asPod}: with restartPolicy OnFailure it is repeated until it succeeds.`),
  Lease: ignored('coordination.k8s.io/v1', 'there is no API server here that could keep it'),
  LimitRange: ignored('v1', 'containers get no other amounts than those they name, and none are refused'),
  MutatingAdmissionPolicy: ignored(ADMISSION, noAdmission),
  MutatingAdmissionPolicyBinding: ignored(ADMISSION, noAdmission),
  MutatingWebhookConfiguration: ignored(ADMISSION, noAdmission),
  Namespace: ignored('v1', 'all pods of one user share one name space here'),
  NetworkPolicy: ignored(NETWORKING, 'no network policy is enforced, and every pod reaches every other'),
  Node: ignored('v1', 'this machine is the only one'),
  PodDisruptionBudget: ignored(
    'policy/v1',
    'nothing evicts pods here, and podpose stops them when it is told',
  ),
  // It has been gone since 1.25, and is still in many files.
  PodSecurityPolicy: ignored(
    'policy/v1beta1',
    'it has been gone from Kubernetes since 1.25, and no pod is refused here',
  ),
  PodTemplate: ignored('v1', 'no pod is made of it'),
  PriorityClass: ignored('scheduling.k8s.io/v1', 'no pod makes room for another'),
  PriorityLevelConfiguration: ignored(FLOW_CONTROL, noRequests),
  ReplicaSet: refused('apps/v1', `${asPod}, once for each of its replicas that you need.`),
  ReplicationController: refused('v1', `${asPod}, once for each of its replicas that you need.`),
  ResourceClaim: ignored(RESOURCE, noDevices),
  ResourceClaimTemplate: ignored(RESOURCE, noDevices),
  ResourceQuota: ignored('v1', 'nothing limits what all pods take together'),
  ResourceSlice: ignored(RESOURCE, noDevices),
  Role: ignored(RBAC, noRequests),
  RoleBinding: ignored(RBAC, noRequests),
  RuntimeClass: ignored('node.k8s.io/v1', "containers are run by podman's own runtime"),
  Service: refused(
    'v1',
    'Containers of one pod reach each other at localhost. Publish a port with hostPort to reach it from elsewhere.',
  ),
  ServiceAccount: ignored('v1', 'there is no API server here that a pod could speak to with it'),
  ServiceCIDR: ignored(NETWORKING, 'there are no Services here, and so no addresses of theirs'),
  StatefulSet: refused(
    'apps/v1',
    `${asPod}, once for each of its replicas, and its volumeClaimTemplates as PersistentVolumeClaims.`,
  ),
  StorageClass: ignored(STORAGE, noDrivers),
  StorageVersionMigration: ignored('storagemigration.k8s.io/v1beta1', 'there is no API server here'),
  ValidatingAdmissionPolicy: ignored(ADMISSION, noAdmission),
  ValidatingAdmissionPolicyBinding: ignored(ADMISSION, noAdmission),
  ValidatingWebhookConfiguration: ignored(ADMISSION, noAdmission),
  VolumeAttachment: ignored(STORAGE, noDrivers),
  VolumeAttributesClass: ignored(STORAGE, noDrivers),
};

export function otherKind(name: string): OtherKind | undefined {
  return Object.hasOwn(otherKinds, name) ? otherKinds[name] : undefined;
}

/** The group of an apiVersion: `apps` of `apps/v1`, nothing of `v1`. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/', 1)[0] ?? '') : '';
}

const ownGroups: ReadonlySet<string> = new Set(
  Object.values(otherKinds).map(({ apiVersion }) => groupOf(apiVersion)),
);

/** Groups that were Kubernetes' own once, or have only what a client asks of an API server. */
const otherOwnGroups: ReadonlySet<string> = new Set([
  'authentication.k8s.io',
  'authorization.k8s.io',
  'events.k8s.io',
  'extensions',
  'internal.apiserver.k8s.io',
]);

/** Whether the group is one that somebody has added to a cluster: those have a domain for a name. */
export function isCustomGroup(group: string): boolean {
  return group.includes('.') && !ownGroups.has(group) && !otherOwnGroups.has(group);
}
