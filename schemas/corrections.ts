/**
 * What the API reference says and the client library's types leave out. Every entry is from the reference of
 * Kubernetes 1.36 (kubernetes.io/docs/reference/generated/kubernetes-api/v1.36), whose source is the Go types in
 * k8s.io/api/core/v1/types.go; where validation says more than the types, from
 * k8s.io/kubernetes/pkg/apis/core/validation/validation.go.
 */

export interface Enumeration {
  readonly values: readonly string[];
  /**
   * What an empty string means to the API server: `unset` where the Go field is a plain string (the default
   * is taken), `wrong` where it is a pointer or has no default (an empty string is then an unsupported value).
   */
  readonly empty: 'unset' | 'wrong';
}

function unsetWhenEmpty(...values: readonly string[]): Enumeration {
  return { values, empty: 'unset' };
}

function neverEmpty(...values: readonly string[]): Enumeration {
  return { values, empty: 'wrong' };
}

const containerEnumerations = {
  imagePullPolicy: unsetWhenEmpty('Always', 'Never', 'IfNotPresent'),
  restartPolicy: neverEmpty('Always', 'Never', 'OnFailure'),
  terminationMessagePolicy: unsetWhenEmpty('File', 'FallbackToLogsOnError'),
};

const accessModes = neverEmpty('ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod');

const scopes = neverEmpty(
  'BestEffort',
  'CrossNamespacePodAffinity',
  'NotBestEffort',
  'NotTerminating',
  'PriorityClass',
  'Terminating',
  'VolumeAttributesClass',
);

/** By definition (without its version prefix) and field. For a list, what its items may be. */
export const enumerations: Readonly<Record<string, Readonly<Record<string, Enumeration>>>> = {
  AppArmorProfile: { type: neverEmpty('Unconfined', 'RuntimeDefault', 'Localhost') },
  AzureDiskVolumeSource: {
    cachingMode: neverEmpty('None', 'ReadOnly', 'ReadWrite'),
    kind: neverEmpty('Shared', 'Dedicated', 'Managed'),
  },
  CSIDriverSpec: {
    fsGroupPolicy: neverEmpty('ReadWriteOnceWithFSType', 'File', 'None'),
    volumeLifecycleModes: neverEmpty('Persistent', 'Ephemeral'),
  },
  Container: containerEnumerations,
  ContainerPort: { protocol: unsetWhenEmpty('TCP', 'UDP', 'SCTP') },
  ContainerResizePolicy: {
    resourceName: neverEmpty('cpu', 'memory'),
    restartPolicy: neverEmpty('NotRequired', 'RestartContainer'),
  },
  ContainerRestartRule: { action: neverEmpty('Restart', 'RestartAllContainers') },
  ContainerRestartRuleOnExitCodes: { operator: neverEmpty('In', 'NotIn') },
  CoreEndpointPort: { protocol: unsetWhenEmpty('TCP', 'UDP', 'SCTP') },
  DiscoveryEndpointPort: { protocol: neverEmpty('TCP', 'UDP', 'SCTP') },
  EndpointSlice: { addressType: neverEmpty('IPv4', 'IPv6', 'FQDN') },
  CronJobSpec: { concurrencyPolicy: unsetWhenEmpty('Allow', 'Forbid', 'Replace') },
  DaemonSetUpdateStrategy: { type: unsetWhenEmpty('RollingUpdate', 'OnDelete') },
  DeploymentStrategy: { type: unsetWhenEmpty('Recreate', 'RollingUpdate') },
  EphemeralContainer: containerEnumerations,
  HPAScalingPolicy: { type: neverEmpty('Pods', 'Percent') },
  HPAScalingRules: { selectPolicy: neverEmpty('Max', 'Min', 'Disabled') },
  HTTPGetAction: { scheme: unsetWhenEmpty('HTTP', 'HTTPS') },
  HTTPIngressPath: { pathType: neverEmpty('Exact', 'Prefix', 'ImplementationSpecific') },
  HostPathVolumeSource: {
    type: unsetWhenEmpty(
      'DirectoryOrCreate',
      'Directory',
      'FileOrCreate',
      'File',
      'Socket',
      'CharDevice',
      'BlockDevice',
    ),
  },
  ImageVolumeSource: { pullPolicy: unsetWhenEmpty('Always', 'Never', 'IfNotPresent') },
  IngressClassParametersReference: { scope: neverEmpty('Cluster', 'Namespace') },
  LabelSelectorRequirement: { operator: neverEmpty('In', 'NotIn', 'Exists', 'DoesNotExist') },
  NetworkPolicyPort: { protocol: neverEmpty('TCP', 'UDP', 'SCTP') },
  NetworkPolicySpec: { policyTypes: neverEmpty('Ingress', 'Egress') },
  JobSpec: {
    completionMode: neverEmpty('NonIndexed', 'Indexed'),
    podReplacementPolicy: neverEmpty('Failed', 'TerminatingOrFailed'),
  },
  MetricSpec: { type: neverEmpty('Resource', 'ContainerResource', 'Pods', 'Object', 'External') },
  MetricTarget: { type: neverEmpty('Utilization', 'Value', 'AverageValue') },
  NodeSelectorRequirement: { operator: neverEmpty('In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt') },
  PersistentVolumeClaimSpec: { accessModes, volumeMode: neverEmpty('Block', 'Filesystem') },
  PersistentVolumeSpec: {
    accessModes,
    persistentVolumeReclaimPolicy: unsetWhenEmpty('Recycle', 'Delete', 'Retain'),
    volumeMode: neverEmpty('Block', 'Filesystem'),
  },
  PodDisruptionBudgetSpec: { unhealthyPodEvictionPolicy: neverEmpty('IfHealthyBudget', 'AlwaysAllow') },
  PodFailurePolicyOnExitCodesRequirement: { operator: neverEmpty('In', 'NotIn') },
  PodFailurePolicyOnPodConditionsPattern: { status: unsetWhenEmpty('True', 'False', 'Unknown') },
  PodFailurePolicyRule: { action: neverEmpty('FailJob', 'FailIndex', 'Ignore', 'Count') },
  PodOS: { name: neverEmpty('linux', 'windows') },
  PodSecurityContext: {
    fsGroupChangePolicy: neverEmpty('OnRootMismatch', 'Always'),
    seLinuxChangePolicy: neverEmpty('Recursive', 'MountOption'),
    supplementalGroupsPolicy: neverEmpty('Merge', 'Strict'),
  },
  PodSpec: {
    dnsPolicy: unsetWhenEmpty('ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'),
    preemptionPolicy: neverEmpty('PreemptLowerPriority', 'Never'),
    restartPolicy: unsetWhenEmpty('Always', 'OnFailure', 'Never'),
  },
  RbacSubject: { kind: neverEmpty('ServiceAccount', 'User', 'Group') },
  PriorityClass: { preemptionPolicy: neverEmpty('PreemptLowerPriority', 'Never') },
  ResourceQuotaSpec: { scopes },
  ScopedResourceSelectorRequirement: {
    operator: neverEmpty('In', 'NotIn', 'Exists', 'DoesNotExist'),
    scopeName: scopes,
  },
  SeccompProfile: { type: neverEmpty('Unconfined', 'RuntimeDefault', 'Localhost') },
  SecurityContext: { procMount: neverEmpty('Default', 'Unmasked') },
  ServicePort: { protocol: unsetWhenEmpty('TCP', 'UDP', 'SCTP') },
  ServiceSpec: {
    externalTrafficPolicy: unsetWhenEmpty('Cluster', 'Local'),
    internalTrafficPolicy: neverEmpty('Cluster', 'Local'),
    ipFamilies: neverEmpty('IPv4', 'IPv6'),
    ipFamilyPolicy: neverEmpty('SingleStack', 'PreferDualStack', 'RequireDualStack'),
    sessionAffinity: unsetWhenEmpty('ClientIP', 'None'),
    trafficDistribution: neverEmpty('PreferSameZone', 'PreferSameNode', 'PreferClose'),
    type: unsetWhenEmpty('ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'),
  },
  StorageClass: {
    reclaimPolicy: unsetWhenEmpty('Delete', 'Retain'),
    volumeBindingMode: neverEmpty('Immediate', 'WaitForFirstConsumer'),
  },
  Taint: { effect: neverEmpty('NoSchedule', 'PreferNoSchedule', 'NoExecute') },
  StatefulSetPersistentVolumeClaimRetentionPolicy: {
    whenDeleted: unsetWhenEmpty('Retain', 'Delete'),
    whenScaled: unsetWhenEmpty('Retain', 'Delete'),
  },
  StatefulSetSpec: { podManagementPolicy: unsetWhenEmpty('OrderedReady', 'Parallel') },
  StatefulSetUpdateStrategy: { type: unsetWhenEmpty('RollingUpdate', 'OnDelete') },
  Toleration: {
    effect: unsetWhenEmpty('NoSchedule', 'PreferNoSchedule', 'NoExecute'),
    operator: unsetWhenEmpty('Exists', 'Equal', 'Lt', 'Gt'),
  },
  TopologySpreadConstraint: {
    nodeAffinityPolicy: neverEmpty('Ignore', 'Honor'),
    nodeTaintsPolicy: neverEmpty('Ignore', 'Honor'),
    whenUnsatisfiable: neverEmpty('DoNotSchedule', 'ScheduleAnyway'),
  },
  VolumeMount: {
    mountPropagation: neverEmpty('None', 'HostToContainer', 'Bidirectional'),
    recursiveReadOnly: neverEmpty('Disabled', 'IfPossible', 'Enabled'),
  },
};

/** Fields of Go's type resource.Quantity, or maps of it: the types call them strings, YAML may say numbers. */
export const quantities: ReadonlySet<string> = new Set([
  'CSIStorageCapacity.capacity',
  'CSIStorageCapacity.maximumVolumeSize',
  'CapacityRequestPolicy.default',
  'CapacityRequestPolicy.validValues',
  'CapacityRequestPolicyRange.max',
  'CapacityRequestPolicyRange.min',
  'CapacityRequestPolicyRange.step',
  'CapacityRequirements.requests',
  'ContainerStatus.allocatedResources',
  'Counter.value',
  'DeviceCapacity.value',
  'DeviceRequestAllocationResult.consumedCapacity',
  'EmptyDirVolumeSource.sizeLimit',
  'HPAScalingRules.tolerance',
  'LimitRangeItem.default',
  'LimitRangeItem.defaultRequest',
  'LimitRangeItem.max',
  'LimitRangeItem.maxLimitRequestRatio',
  'LimitRangeItem.min',
  'MetricTarget.averageValue',
  'MetricTarget.value',
  'MetricValueStatus.averageValue',
  'MetricValueStatus.value',
  'NodeAllocatableResourceClaimStatus.resources',
  'NodeAllocatableResourceMapping.allocationMultiplier',
  'NodeStatus.allocatable',
  'NodeStatus.capacity',
  'Overhead.podFixed',
  'PersistentVolumeClaimStatus.allocatedResources',
  'PersistentVolumeClaimStatus.capacity',
  'PersistentVolumeSpec.capacity',
  'PodSpec.overhead',
  'PodStatus.allocatedResources',
  'ResourceFieldSelector.divisor',
  'ResourceQuotaSpec.hard',
  'ResourceQuotaStatus.hard',
  'ResourceQuotaStatus.used',
  'ResourceRequirements.limits',
  'ResourceRequirements.requests',
  'VolumeResourceRequirements.limits',
  'VolumeResourceRequirements.requests',
]);

/** What validation asks for though the types have it optional: without it the API server refuses the object. */
export const alsoRequired: Readonly<Record<string, readonly string[]>> = {
  Ingress: ['spec'],
  IngressClass: ['spec'],
  IngressClassSpec: ['controller'],
  ConfigMap: ['metadata'],
  ControllerRevision: ['data', 'metadata'],
  CronJob: ['metadata'],
  DaemonSet: ['metadata', 'spec'],
  Deployment: ['metadata', 'spec'],
  HorizontalPodAutoscaler: ['metadata'],
  HorizontalPodAutoscalerV1: ['metadata'],
  Job: ['metadata', 'spec'],
  JobTemplateSpec: ['spec'],
  PersistentVolume: ['metadata', 'spec'],
  PersistentVolumeClaim: ['metadata', 'spec'],
  Pod: ['metadata', 'spec'],
  PodDisruptionBudget: ['metadata'],
  PodTemplate: ['metadata', 'template'],
  PodTemplateSpec: ['spec'],
  ReplicaSet: ['metadata', 'spec'],
  ReplicaSetSpec: ['template'],
  ReplicationController: ['metadata', 'spec'],
  ReplicationControllerSpec: ['template'],
  Secret: ['metadata'],
  Service: ['spec'],
  StatefulSet: ['metadata', 'spec'],
};

/** What the types ask for and validation does not: Go takes a field that is left out for its zero value. */
export const notRequired: Readonly<Record<string, readonly string[]>> = {
  CSIDriver: ['spec'],
  CSINode: ['spec'],
  CSINodeSpec: ['drivers'],
  ClusterTrustBundleProjection: ['path'],
  ConfigMapNodeConfigSource: ['kubeletConfigKey', 'name', 'namespace'],
  ControllerRevision: ['revision'],
  Counter: ['value'],
  CustomResourceDefinitionVersion: ['served', 'storage'],
  DeviceCapacity: ['value'],
  DeviceClass: ['spec'],
  Event: ['involvedObject'],
  ForZone: ['name'],
  GroupResource: ['group'],
  HTTPHeader: ['value'],
  ISCSIPersistentVolumeSource: ['lun'],
  ISCSIVolumeSource: ['lun'],
  LimitRangeSpec: ['limits'],
  OwnerReference: ['apiVersion', 'kind', 'name', 'uid'],
  PodCertificateProjection: ['keyType', 'signerName'],
  PodFailurePolicy: ['rules'],
  PreferredSchedulingTerm: ['preference'],
  PriorityClass: ['value'],
  ResourceClaim: ['spec'],
  ResourceClaimTemplate: ['spec'],
  ResourceClaimTemplateSpec: ['spec'],
  ResourcePool: ['generation'],
  ScaleIOPersistentVolumeSource: ['secretRef'],
  ScaleIOVolumeSource: ['secretRef'],
  SleepAction: ['seconds'],
  Sysctl: ['value'],
  TokenRequest: ['audience'],
  TypedLocalObjectReference: ['kind', 'name'],
  TypedObjectReference: ['kind', 'name'],
};

/** What an API server decodes and does not validate. */
export const unchecked: ReadonlySet<string> = new Set(['MetricIdentifier.selector']);
