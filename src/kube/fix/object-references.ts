import { isObject } from '../../base/json-members.ts';
import type { FieldPath } from '../../base/path.ts';
import type { CheckedDocument } from '../../manifest/checked-document.ts';
import type { Kind } from '../../manifest/kinds.ts';
import { fieldType, isDefinition, type FieldType } from '../../manifest/yaml/shape.ts';

/** Kinds whose references by name are known. */
export const NAMED_KINDS = [
  'ConfigMap',
  'CronJob',
  'DaemonSet',
  'Deployment',
  'Ingress',
  'Job',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'Pod',
  'ReplicaSet',
  'Secret',
  'Service',
  'ServiceAccount',
  'StatefulSet',
] as const satisfies readonly Kind[];

export type NamedKind = (typeof NAMED_KINDS)[number];

export function namedKind(kind: unknown): NamedKind | undefined {
  return NAMED_KINDS.find((named) => named === kind);
}

export interface ObjectReference {
  readonly kind: NamedKind;
  readonly name: string;
  readonly path: FieldPath;
}

interface NameFields {
  readonly kind: NamedKind;
  readonly fields: readonly string[];
}

/** The fields with the name, by the definition that refers to a kind. */
const REFERENCES: Readonly<Record<string, NameFields>> = {
  ConfigMapEnvSource: { kind: 'ConfigMap', fields: ['name'] },
  ConfigMapKeySelector: { kind: 'ConfigMap', fields: ['name'] },
  ConfigMapProjection: { kind: 'ConfigMap', fields: ['name'] },
  ConfigMapVolumeSource: { kind: 'ConfigMap', fields: ['name'] },
  AzureFileVolumeSource: { kind: 'Secret', fields: ['secretName'] },
  IngressTLS: { kind: 'Secret', fields: ['secretName'] },
  // Kubernetes uses it for Secrets only.
  LocalObjectReference: { kind: 'Secret', fields: ['name'] },
  SecretEnvSource: { kind: 'Secret', fields: ['name'] },
  SecretKeySelector: { kind: 'Secret', fields: ['name'] },
  SecretProjection: { kind: 'Secret', fields: ['name'] },
  SecretReference: { kind: 'Secret', fields: ['name'] },
  SecretVolumeSource: { kind: 'Secret', fields: ['secretName'] },
  PersistentVolumeClaimVolumeSource: { kind: 'PersistentVolumeClaim', fields: ['claimName'] },
  PersistentVolumeClaimSpec: { kind: 'PersistentVolume', fields: ['volumeName'] },
  IngressServiceBackend: { kind: 'Service', fields: ['name'] },
  StatefulSetSpec: { kind: 'Service', fields: ['serviceName'] },
  PodSpec: { kind: 'ServiceAccount', fields: ['serviceAccountName', 'serviceAccount'] },
};

/** References by a field `kind` and a field `name`. */
const TYPED: ReadonlySet<string> = new Set([
  'CrossVersionObjectReference',
  'ObjectReference',
  'RbacSubject',
  'TypedLocalObjectReference',
  'TypedObjectReference',
]);

/** All references of an object to other objects, at any depth, in the order of its fields. */
export function objectReferences({ kind, value }: CheckedDocument): readonly ObjectReference[] {
  return referencesIn(value, { holds: 'one', of: kind }, []);
}

function referencesIn(value: unknown, { holds, of }: FieldType, path: FieldPath): readonly ObjectReference[] {
  if (!isDefinition(of)) return [];
  if (holds === 'list')
    return Array.isArray(value)
      ? value.flatMap((item, index) => referencesIn(item, { holds: 'one', of }, [...path, index]))
      : [];
  if (!isObject(value)) return [];
  if (holds === 'map')
    return Object.entries(value).flatMap(([key, item]) =>
      referencesIn(item, { holds: 'one', of }, [...path, key]),
    );
  const inner = Object.entries(value).flatMap(([name, item]) => {
    const type = fieldType(of, name);
    return type === undefined ? [] : referencesIn(item, type, [...path, name]);
  });
  return [...ownReference(value, of, path), ...inner];
}

function ownReference(
  value: Readonly<Record<string, unknown>>,
  definition: string,
  path: FieldPath,
): readonly ObjectReference[] {
  const untyped = Object.hasOwn(REFERENCES, definition) ? REFERENCES[definition] : undefined;
  const fields = untyped?.fields ?? ['name'];
  const typed = TYPED.has(definition) ? namedKind(value['kind']) : undefined;
  // The reference of a PersistentVolume may omit the kind.
  const isOfVolume = definition === 'ObjectReference' && path.at(-1) === 'claimRef';
  const kind = isOfVolume ? 'PersistentVolumeClaim' : (untyped?.kind ?? typed);
  if (kind === undefined) return [];
  return fields.flatMap((field) => {
    const name = value[field];
    return typeof name === 'string' ? [{ kind, name, path: [...path, field] }] : [];
  });
}
