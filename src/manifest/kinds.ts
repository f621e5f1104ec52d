import { apiVersions } from './schema/generated/api-versions.ts';
import type { KindTypes } from './schema/generated/kubernetes.ts';
import * as validators from './schema/generated/validators.js';
import type { Validator } from './schema/generated/validators.js';

export type { KindTypes };

/** A kind of Kubernetes 1.36. The objects of all kinds are checked, whether podpose runs them or not. */
export type Kind = keyof KindTypes;

export function isKind(name: string): name is Kind {
  return Object.hasOwn(apiVersions, name);
}

/** The apiVersion in which an API server serves the kind. */
export function apiVersionOf(kind: Kind): string {
  return apiVersions[kind];
}

/** The name of a schema: the kind, or that of a further version of it. */
export type Schema = keyof typeof validators;

/** Further versions that an API server serves; `unchecked` ones have no schema here. */
const furtherVersions: Readonly<Record<string, Schema | 'unchecked'>> = {
  'Event events.k8s.io/v1': 'unchecked',
  'HorizontalPodAutoscaler autoscaling/v1': 'HorizontalPodAutoscalerV1',
};

/** The schema of a further version of a kind; undefined for the version of `apiVersionOf` and for versions that are not served. */
export function furtherVersion(kind: Kind, apiVersion: string): Schema | 'unchecked' | undefined {
  const version = `${kind} ${apiVersion}`;
  return Object.hasOwn(furtherVersions, version) ? furtherVersions[version] : undefined;
}

/** Checks an object against a schema. */
export function validatorOf(schema: Schema): Validator {
  return validators[schema];
}

/** The kinds whose pods are created from a template. */
export const workloadKinds = [
  'Deployment',
  'ReplicaSet',
  'ReplicationController',
  'StatefulSet',
  'DaemonSet',
  'Job',
] as const;

export type WorkloadKind = (typeof workloadKinds)[number];

/**
 * The kinds that podpose runs: pods, workloads, what pods refer to, the Services and Ingresses in front of them, and
 * Namespaces.
 */
export const supportedKinds = [
  'Pod',
  ...workloadKinds,
  'CronJob',
  'ConfigMap',
  'Secret',
  'PersistentVolumeClaim',
  'PersistentVolume',
  'Service',
  'Endpoints',
  'EndpointSlice',
  'Ingress',
  'Namespace',
] as const;

export type SupportedKind = (typeof supportedKinds)[number];

export function isSupportedKind(kind: string): kind is SupportedKind {
  return supportedKinds.some((supported) => supported === kind);
}
