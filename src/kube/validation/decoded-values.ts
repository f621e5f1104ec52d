import { isObject, membersOf } from '../../base/json-members.ts';
import type { FieldPath } from '../../base/path.ts';
import type { CheckedDocument } from '../../manifest/checked-document.ts';
import { fieldsOf, isDefinition, type Field } from '../../manifest/yaml/shape.ts';
import { decodeBase64 } from '../config/content.ts';
import { malformedQuantity } from '../spec/quantity-field.ts';
import { parseQuantity } from '../spec/quantity.ts';
import { isTimestamp } from '../spec/timestamp.ts';
import type { Finding } from './finding.ts';

/** The scalar types whose texts Go decodes further, each with what it refuses. */
const decoders: Readonly<
  Record<string, (value: unknown, path: FieldPath, owner: string) => Finding | undefined>
> = {
  quantity: checkQuantity,
  time: (value, path) => checkTime(value, path, 'any'),
  microTime: (value, path) => checkTime(value, path, 'micro'),
  bytes: checkBytes,
  intOrString: checkIntOrString,
};

/**
 * Every value that the API server's decoder refuses although its JSON type is right: quantities, times, base64 and numbers
 * of ports, in all fields of the kind, also of the status (which a server decodes before it drops it).
 */
export function* checkDecodedValues({ kind, value, status }: CheckedDocument): Iterable<Finding> {
  yield* checkObject(value, kind, []);
  // A status that is kept is a part of the value.
  if (status !== undefined && !('status' in value)) yield* checkObject({ status }, kind, []);
}

function* checkObject(value: unknown, definition: string, path: FieldPath): Iterable<Finding> {
  if (!isObject(value)) return;
  for (const field of decodedFields(definition)) {
    const member = Object.hasOwn(value, field.name) ? value[field.name] : undefined;
    if (member !== undefined) yield* checkField(member, field, definition, [...path, field.name]);
  }
}

function* checkField(
  value: unknown,
  { holds, of }: Field,
  owner: string,
  path: FieldPath,
): Iterable<Finding> {
  if (holds === 'one') yield* checkOne(value, of, owner, path);
  else if (holds === 'list')
    for (const [index, item] of membersOf(value).entries())
      yield* checkOne(item, of, owner, [...path, index]);
  else if (isObject(value))
    for (const [key, item] of Object.entries(value)) yield* checkOne(item, of, owner, [...path, key]);
}

function* checkOne(value: unknown, of: string, owner: string, path: FieldPath): Iterable<Finding> {
  const finding = decoders[of]?.(value, path, owner);
  if (finding !== undefined) yield finding;
  else if (isDefinition(of)) yield* checkObject(value, of, path);
}

const fieldsByDefinition = new Map<string, readonly Field[]>();

/** The fields of a definition that are decoded further or have such fields inside. */
function decodedFields(definition: string): readonly Field[] {
  const known = fieldsByDefinition.get(definition);
  if (known !== undefined) return known;
  const all = fieldsOf(definition);
  // A definition inside of itself (a schema of a CustomResourceDefinition) counts until the answer is known.
  fieldsByDefinition.set(definition, all);
  const decoded = all.filter(({ of }) => Object.hasOwn(decoders, of) || decodedFields(of).length > 0);
  fieldsByDefinition.set(definition, decoded);
  return decoded;
}

function checkQuantity(value: unknown, path: FieldPath): Finding | undefined {
  return typeof value !== 'string' || parseQuantity(value) !== undefined
    ? undefined
    : malformedQuantity(value, path);
}

function checkTime(value: unknown, path: FieldPath, precision: 'any' | 'micro'): Finding | undefined {
  if (typeof value !== 'string' || isTimestamp(value, precision)) return undefined;
  const example = precision === 'any' ? '2026-01-31T12:00:00Z' : '2026-01-31T12:00:00.000000Z';
  return {
    code: 'invalid-time',
    path,
    message: `invalid time '${value}': must be of the form ${example}`,
  };
}

/** Never shows the text: it may be secret. */
function checkBytes(value: unknown, path: FieldPath, owner: string): Finding | undefined {
  if (typeof value !== 'string' || decodeBase64(value) !== undefined) return undefined;
  const help: Readonly<Record<string, string>> = {
    ConfigMap: "Use data for text, or encode a file with 'base64 -w0 FILE'.",
    Secret: "Use stringData for plain text, or encode it: printf %s 'TEXT' | base64 -w0",
  };
  return {
    code: 'invalid-base64',
    path,
    at: 'key',
    message: 'invalid base64',
    help: help[owner] ?? "Encode a file with 'base64 -w0 FILE'.",
  };
}

/** Numbers of 32 bits (IntOrString in k8s.io/apimachinery/pkg/util/intstr). */
function checkIntOrString(value: unknown, path: FieldPath): Finding | undefined {
  return typeof value !== 'number' || (value >= -(2 ** 31) && value < 2 ** 31)
    ? undefined
    : { code: 'out-of-range', path, message: `must be from -2147483648 to 2147483647, got ${value}` };
}
