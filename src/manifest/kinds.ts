import type {
  ConfigMap,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  Secret,
} from './schema/generated/kubernetes.ts';
import * as validators from './schema/generated/validators.js';
import type { Validator } from './schema/generated/validators.js';

/** The supported kinds with their types. A new kind needs a line here and one in `kinds`. */
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
