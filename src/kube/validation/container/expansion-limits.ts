import type { FieldPath } from '../../../base/path.ts';
import type { Container, Pod } from '../../../manifest/schema/generated/kubernetes.ts';
import { expandParts } from '../../convert/expansion.ts';
import { PROBES } from './probes.ts';
import type { Finding } from '../finding.ts';
import { valueOf, valuesFrom } from '../../convert/env.ts';
import { textValue, type Value } from '../../convert/text.ts';
import type { ConvertContext } from '../../convert/convert-context.ts';
import type { Text } from '../../spec/desired.ts';

/** The Linux limit of one argument or variable in bytes (execve(2), MAX_ARG_STRLEN). */
const MAX_TEXT_BYTES = 131_072;

/**
 * Limit of the characters that references add in all pods. No valid pod comes near it; without it, a thousand
 * containers in a small file could exhaust the memory.
 */
const MAX_ADDED_CHARACTERS = 32 * 1024 * 1024;

/** The growth of all texts by the expansion of references so far. */
export interface Growth {
  added: number;
}

/**
 * Limits the expansion of references: a variable can refer to earlier ones, and twenty variables of twice the
 * previous one make a megabyte out of one kilobyte. Computes only lengths and builds none of these texts.
 */
export function* checkExpansionLimits(
  { spec, ...pod }: Pod,
  context: ConvertContext,
  growth: Growth,
): Iterable<Finding> {
  for (const list of ['initContainers', 'containers'] as const)
    for (const [index, container] of (spec[list] ?? []).entries())
      yield* checkContainer(container, { ...pod, spec }, ['spec', list, index], context, growth);
}

function* checkContainer(
  container: Container,
  pod: Pod,
  path: FieldPath,
  context: ConvertContext,
  growth: Growth,
): Iterable<Finding> {
  const values = new Map<string, Value>();
  for (const source of container.envFrom ?? [])
    for (const [name, value] of valuesFrom(source, context)) values.set(name, value);
  for (const [index, variable] of (container.env ?? []).entries()) {
    const finding = validateText(variable.value, `variable '${variable.name}'`, values, growth);
    if (finding !== undefined) yield { ...finding, path: [...path, 'env', index, 'value'] };
    // A variable that is too long is reported once, not for each reference to it.
    const value = finding === undefined ? valueOf(variable, values, container, pod, context) : textValue('');
    if (value !== undefined) values.set(variable.name, value);
  }
  for (const field of ['command', 'args'] as const)
    for (const [index, word] of (container[field] ?? []).entries()) {
      const finding = validateText(word, 'this text', values, growth);
      if (finding !== undefined) yield { ...finding, path: [...path, field, index] };
    }
  // A probe knows only the values in the manifest, as they are written.
  const written = new Map((container.env ?? []).map(({ name, value = '' }) => [name, textValue(value)]));
  for (const field of PROBES)
    for (const [index, word] of (container[field]?.exec?.command ?? []).entries()) {
      const finding = validateText(word, 'this text', written, growth);
      if (finding !== undefined) yield { ...finding, path: [...path, field, 'exec', 'command', index] };
    }
  for (const [index, { subPathExpr }] of (container.volumeMounts ?? []).entries()) {
    const finding = validateText(subPathExpr, 'this path', values, growth);
    if (finding !== undefined) yield { ...finding, path: [...path, 'volumeMounts', index, 'subPathExpr'] };
  }
}

function validateText(
  text: string | undefined,
  what: string,
  values: ReadonlyMap<string, Value>,
  growth: Growth,
): Omit<Finding, 'path'> | undefined {
  if (text?.includes('$(') !== true) return undefined;
  let length = 0;
  for (const part of expandParts(text, values))
    length += typeof part === 'string' ? part.length : lengthOf(part);
  const added = Math.max(0, length - text.length);
  if (length > MAX_TEXT_BYTES && added > 0)
    return {
      code: 'too-long',
      message: `with expanded references, ${what} exceeds the Linux limit of ${MAX_TEXT_BYTES} bytes (128 KiB): the container could not start`,
      help: 'Move the long value into a ConfigMap or Secret and mount that as a volume, where this limit does not apply.',
    };
  growth.added += added;
  if (growth.added <= MAX_ADDED_CHARACTERS) return undefined;
  growth.added -= added;
  return {
    code: 'too-long',
    message: `${what} brings the expanded references of all containers to more than ${MAX_ADDED_CHARACTERS} characters (32 MiB)`,
    help: 'Move the long value into a ConfigMap or Secret and mount that as a volume.',
  };
}

function lengthOf(value: Value): number {
  return value.type === 'secret' ? value.bytes.length : lengthOfText(value.text);
}

function lengthOfText(text: Text): number {
  return typeof text === 'string' ? text.length : text.before.length + lengthOfText(text.after);
}
