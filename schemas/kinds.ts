/** A kind of Kubernetes 1.36 with the apiVersion that it is served in, and its class in the client library. */
export interface KindModel {
  readonly kind: string;
  readonly apiVersion: string;
  readonly model: string;
}

const GROUPS: readonly (readonly [apiVersion: string, kinds: readonly string[]])[] = [
  [
    'v1',
    [
      'ConfigMap',
      'Endpoints',
      'LimitRange',
      'Namespace',
      'Node',
      'PersistentVolume',
      'PersistentVolumeClaim',
      'Pod',
      'PodTemplate',
      'ReplicationController',
      'ResourceQuota',
      'Secret',
      'Service',
      'ServiceAccount',
    ],
  ],
  [
    'admissionregistration.k8s.io/v1',
    [
      'MutatingAdmissionPolicy',
      'MutatingAdmissionPolicyBinding',
      'MutatingWebhookConfiguration',
      'ValidatingAdmissionPolicy',
      'ValidatingAdmissionPolicyBinding',
      'ValidatingWebhookConfiguration',
    ],
  ],
  ['apiextensions.k8s.io/v1', ['CustomResourceDefinition']],
  ['apiregistration.k8s.io/v1', ['APIService']],
  ['apps/v1', ['ControllerRevision', 'DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet']],
  ['batch/v1', ['CronJob', 'Job']],
  ['certificates.k8s.io/v1', ['CertificateSigningRequest']],
  ['coordination.k8s.io/v1', ['Lease']],
  ['discovery.k8s.io/v1', ['EndpointSlice']],
  ['flowcontrol.apiserver.k8s.io/v1', ['FlowSchema', 'PriorityLevelConfiguration']],
  ['networking.k8s.io/v1', ['Ingress', 'IngressClass', 'IPAddress', 'NetworkPolicy', 'ServiceCIDR']],
  ['node.k8s.io/v1', ['RuntimeClass']],
  ['policy/v1', ['PodDisruptionBudget']],
  ['rbac.authorization.k8s.io/v1', ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding']],
  ['resource.k8s.io/v1', ['DeviceClass', 'ResourceClaimTemplate', 'ResourceSlice']],
  ['scheduling.k8s.io/v1', ['PriorityClass']],
  [
    'storage.k8s.io/v1',
    [
      'CSIDriver',
      'CSINode',
      'CSIStorageCapacity',
      'StorageClass',
      'VolumeAttachment',
      'VolumeAttributesClass',
    ],
  ],
];

const OTHERS: readonly KindModel[] = [
  {
    kind: 'ClusterTrustBundle',
    apiVersion: 'certificates.k8s.io/v1beta1',
    model: 'V1beta1ClusterTrustBundle',
  },
  { kind: 'DeviceTaintRule', apiVersion: 'resource.k8s.io/v1beta2', model: 'V1beta2DeviceTaintRule' },
  { kind: 'Event', apiVersion: 'v1', model: 'CoreV1Event' },
  {
    kind: 'HorizontalPodAutoscaler',
    apiVersion: 'autoscaling/v2',
    model: 'V2HorizontalPodAutoscaler',
  },
  { kind: 'ResourceClaim', apiVersion: 'resource.k8s.io/v1', model: 'ResourceV1ResourceClaim' },
  {
    kind: 'StorageVersionMigration',
    apiVersion: 'storagemigration.k8s.io/v1beta1',
    model: 'V1beta1StorageVersionMigration',
  },
];

/** Further versions of kinds that a server serves. Their definitions have names of their own: `kind` is that of the object. */
export const FURTHER: readonly KindModel[] = [
  {
    kind: 'HorizontalPodAutoscalerV1',
    apiVersion: 'autoscaling/v1',
    model: 'V1HorizontalPodAutoscaler',
  },
];

/** All kinds, by name. */
export const KINDS: readonly KindModel[] = [
  ...GROUPS.flatMap(([apiVersion, kinds]) => kinds.map((kind) => ({ kind, apiVersion, model: `V1${kind}` }))),
  ...OTHERS,
].sort((a, b) => (a.kind < b.kind ? -1 : 1));
