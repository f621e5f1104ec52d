import type { Diagnostic } from '../../base/diagnostic.ts';
import { failure, success, type Result } from '../../base/result.ts';
import { suggest } from '../../base/suggest.ts';
import { supportedKinds, type SupportedKind } from '../kinds.ts';
import { fieldsOf, fieldType, nestedFields, type FieldType } from '../yaml/shape.ts';

/** A field of a kind, or the kind itself. */
export interface FoundField {
  readonly kind: SupportedKind;
  /** The field names from the root, without list indexes; empty for the kind itself. */
  readonly names: readonly string[];
  readonly type: FieldType;
  /** The definition with the field: `Container`. Absent for a kind. */
  readonly owner?: string;
}

/** The short names of kubectl; plurals are accepted, too. */
const SHORT_NAMES: Readonly<Record<string, SupportedKind>> = {
  po: 'Pod',
  cm: 'ConfigMap',
  pv: 'PersistentVolume',
  pvc: 'PersistentVolumeClaim',
  deploy: 'Deployment',
  ds: 'DaemonSet',
  rc: 'ReplicationController',
  rs: 'ReplicaSet',
  sts: 'StatefulSet',
  svc: 'Service',
  ns: 'Namespace',
};

/** Finds a kind by its name: case-insensitive, singular or plural. */
export function kindNamed<K extends string>(word: string, names: readonly K[]): K | undefined {
  const lower = word.toLowerCase();
  return names.find((name) => {
    const one = name.toLowerCase();
    return [one, `${one}s`, `${one}es`, one.replace(/y$/, 'ies')].includes(lower);
  });
}

/**
 * Finds a field by a text such as `pod.spec.containers.image`. The kind defaults to Pod; list indexes and map keys,
 * as in `spec.containers[0].image`, are ignored.
 */
export function findField(text: string): Result<FoundField> {
  const parts = text
    .replace(/\[[^\]]*\]/g, '')
    .split('.')
    .filter((part) => part !== '');
  const [first = '', ...rest] = parts;
  const named = SHORT_NAMES[first.toLowerCase()] ?? kindNamed(first, supportedKinds);
  const kind = named ?? 'Pod';
  let found: FoundField = { kind, names: [], type: { holds: 'one', of: kind } };
  for (const name of named === undefined ? parts : rest) {
    const type = fieldType(found.type.of, name);
    if (type === undefined) return failure([explainUnknown(found, name)]);
    found = { kind, names: [...found.names, name], type, owner: found.type.of };
  }
  return success(found);
}

/** The text for `findField`: `pod.spec.containers`. */
export function fieldText({ kind, names }: Pick<FoundField, 'kind' | 'names'>): string {
  return [kind.toLowerCase(), ...names].join('.');
}

function explainUnknown(parent: FoundField, name: string): Diagnostic {
  const place = fieldText(parent);
  const fields = fieldsOf(parent.type.of).map((field) => field.name);
  const near = suggest(name, fields);
  const problem = {
    code: 'unknown-field',
    severity: 'error',
    message: `unknown field '${name}' of ${place}`,
  } as const;
  if (near !== undefined) return { ...problem, suggestion: `${place}.${near}` };
  const elsewhere = placesOf(parent, name);
  if (elsewhere.length > 0) return { ...problem, help: `See ${elsewhere.join(', ')}.` };
  return {
    ...problem,
    help: fields.length === 0 ? 'It has no fields.' : `podpose explain ${place} lists its fields.`,
  };
}

const SHOWN = 4;

/** The fields of the kind with this name; those inside the parent come first. */
function placesOf(parent: FoundField, name: string): readonly string[] {
  const places = nestedFields(parent.kind)
    .filter((field) => field.name === name && !field.path.startsWith('status'))
    .map(({ path }) => path.replaceAll('[]', ''));
  const inside = `${parent.names.join('.')}.`;
  const isInside = (path: string): boolean => path.startsWith(inside);
  return [...places.filter(isInside), ...places.filter((path) => !isInside(path))]
    .slice(0, SHOWN)
    .map((path) => fieldText({ kind: parent.kind, names: path.split('.') }));
}
