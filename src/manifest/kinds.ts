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
