import type { FieldPath } from '../../../base/path.ts';
import type { Container, Pod } from '../../../manifest/schema/generated/kubernetes.ts';
import { expandParts } from '../../convert/expansion.ts';
import type { Finding } from '../finding.ts';
import { valueOf, valuesFrom } from '../../convert/env.ts';
import { textValue, type Value } from '../../convert/text.ts';
import type { ConvertContext } from '../../convert/convert-context.ts';
import type { Text } from '../../spec/desired.ts';

/** What Linux takes of one argument or variable (execve(2), MAX_ARG_STRLEN), in bytes; no character has less than one. */
const LONGEST_TEXT = 131_072;

/**
 * What the references in all pods may add, in characters. No pod that can be started comes near it; without it, some thousand
 * containers in a small file could ask for more memory than there is.
 */
const ALL_ADDED = 32 * 1024 * 1024;

/** How much longer texts have become so far by what their references stand for. */
export interface Growth {
  added: number;
}

/**
 * No text becomes too long by what its references stand for: each variable may be made of those before it, and twenty that
 * are each twice the one before make a megabyte of a file of one kilobyte. Counts, and makes none of these texts.
 */
export function* checkExpansionLimits(
  { spec, ...pod }: Pod,
  surroundings: ConvertContext,
  growth: Growth,
): Iterable<Finding> {
  for (const list of ['initContainers', 'containers'] as const)
    for (const [index, container] of (spec[list] ?? []).entries())
      yield* checkContainer(container, { ...pod, spec }, ['spec', list, index], surroundings, growth);
}

function* checkContainer(
  container: Container,
  pod: Pod,
  path: FieldPath,
  surroundings: ConvertContext,
  growth: Growth,
): Iterable<Finding> {
  const values = new Map<string, Value>();
  for (const source of container.envFrom ?? [])
    for (const [name, value] of valuesFrom(source, surroundings)) values.set(name, value);
  for (const [index, variable] of (container.env ?? []).entries()) {
    const finding = validateText(variable.value, `variable '${variable.name}'`, values, growth);
    if (finding !== undefined) yield { ...finding, path: [...path, 'env', index, 'value'] };
    // One that is too long has been reported: those that refer to it are none the worse.
    const value =
      finding === undefined ? valueOf(variable, values, container, pod, surroundings) : textValue('');
    if (value !== undefined) values.set(variable.name, value);
  }
  for (const field of ['command', 'args'] as const)
    for (const [index, word] of (container[field] ?? []).entries()) {
      const finding = validateText(word, 'the text', values, growth);
      if (finding !== undefined) yield { ...finding, path: [...path, field, index] };
    }
  for (const [index, { subPathExpr }] of (container.volumeMounts ?? []).entries()) {
    const finding = validateText(subPathExpr, 'the path', values, growth);
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
  if (length > LONGEST_TEXT && added > 0)
    return {
      code: 'too-long',
      message: `with what its references stand for, ${what} is longer than the ${LONGEST_TEXT} bytes (128 KiB) that Linux takes of one: the container could not start`,
      help: 'Put what is long into a file of a ConfigMap or a Secret and mount that as a volume: there is no such limit to it.',
    };
  growth.added += added;
  if (growth.added <= ALL_ADDED) return undefined;
  growth.added -= added;
  return {
    code: 'too-long',
    message: `with what its references stand for, ${what} makes the texts of all containers longer by more than ${ALL_ADDED} characters (32 MiB)`,
    help: 'Put what is long into a file of a ConfigMap or a Secret and mount that as a volume.',
  };
}

function lengthOf(value: Value): number {
  return value.type === 'secret' ? value.bytes.length : lengthOfText(value.text);
}

function lengthOfText(text: Text): number {
  return typeof text === 'string' ? text.length : text.before.length + lengthOfText(text.after);
}
