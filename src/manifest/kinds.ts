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

/** Further versions that an API server serves: objects of them are not checked against a schema. */
const furtherVersions: { readonly [K in Kind]?: readonly string[] } = {
  Event: ['events.k8s.io/v1'],
  HorizontalPodAutoscaler: ['autoscaling/v1'],
};

export function isFurtherVersion(kind: Kind, apiVersion: string): boolean {
  return furtherVersions[kind]?.includes(apiVersion) === true;
}

/** Checks an object against the schema of the kind. */
export function validatorOf(kind: Kind): Validator {
  return validators[kind];
}

/** The kinds that podpose runs: pods, and what pods refer to. */
export const supportedKinds = [
  'Pod',
  'ConfigMap',
  'Secret',
  'PersistentVolumeClaim',
  'PersistentVolume',
] as const;

export type SupportedKind = (typeof supportedKinds)[number];

export function isSupportedKind(kind: string): kind is SupportedKind {
  return supportedKinds.some((supported) => supported === kind);
}
