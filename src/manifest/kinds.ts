import type {
  ConfigMap,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  Secret,
} from './generated/kubernetes.ts';
import * as validators from './generated/validators.js';
import type { Validator } from './generated/validators.js';

/** The kinds that podpose takes, each with its type. A new kind is a line here and one in `kinds`. */
export interface KindTypes {
  readonly Pod: Pod;
  readonly ConfigMap: ConfigMap;
  readonly Secret: Secret;
  readonly PersistentVolumeClaim: PersistentVolumeClaim;
  readonly PersistentVolume: PersistentVolume;
}

export type Kind = keyof KindTypes;

export interface KindRules {
  readonly apiVersion: string;
  readonly validate: Validator;
}

export const kinds: { readonly [K in Kind]: KindRules } = {
  Pod: { apiVersion: 'v1', validate: validators.Pod },
  ConfigMap: { apiVersion: 'v1', validate: validators.ConfigMap },
  Secret: { apiVersion: 'v1', validate: validators.Secret },
  PersistentVolumeClaim: { apiVersion: 'v1', validate: validators.PersistentVolumeClaim },
  PersistentVolume: { apiVersion: 'v1', validate: validators.PersistentVolume },
};

export function isKind(name: string): name is Kind {
  return Object.hasOwn(kinds, name);
}

/** The kinds of Kubernetes 1.36 (kubernetes.io/docs/reference/kubernetes-api), to tell "not supported" from "unknown". */
export const kubernetesKinds: ReadonlySet<string> = new Set([
  'ClusterRole',
  'ClusterRoleBinding',
  'ConfigMap',
  'ControllerRevision',
  'CronJob',
  'CSIDriver',
  'CSINode',
  'CustomResourceDefinition',
  'DaemonSet',
  'Deployment',
  'DeviceClass',
  'Endpoints',
  'EndpointSlice',
  'Event',
  'HorizontalPodAutoscaler',
  'Ingress',
  'IngressClass',
  'Job',
  'Lease',
  'LimitRange',
  'MutatingWebhookConfiguration',
  'Namespace',
  'NetworkPolicy',
  'Node',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'PodDisruptionBudget',
  'PodTemplate',
  'PriorityClass',
  'ReplicaSet',
  'ReplicationController',
  'ResourceClaim',
  'ResourceClaimTemplate',
  'ResourceQuota',
  'Role',
  'RoleBinding',
  'RuntimeClass',
  'Secret',
  'Service',
  'ServiceAccount',
  'StatefulSet',
  'StorageClass',
  'ValidatingAdmissionPolicy',
  'ValidatingWebhookConfiguration',
  'VolumeAttributesClass',
]);
