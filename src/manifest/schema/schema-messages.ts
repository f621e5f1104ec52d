import type { Diagnostic } from '../../base/diagnostic.ts';
import type { FieldPath } from '../../base/path.ts';
import { suggestion } from '../../base/suggest.ts';
import type { ValidationError } from './generated/validators.js';
import { meantList } from './command-words.ts';
import { describe } from './describe.ts';
import { resolvePlainScalar } from '../yaml/plain-scalar.ts';
import type { YamlNode } from '../yaml/yaml-tree.ts';

/** A diagnostic without its location. */
export interface DiagnosticText extends Pick<
  Diagnostic,
  'code' | 'message' | 'suggestion' | 'help' | 'edits'
> {
  /** YAML that is right in place of the value. */
  readonly replacement?: string;
}

/** A value in an object. */
export interface ValuePlace {
  readonly node: YamlNode;
  readonly path: FieldPath;
  /** The whole object. */
  readonly root: YamlNode;
  /** The text of the file. */
  readonly text: string;
}

/** Explains a schema error at an invalid value. */
export function explainWrongValue(error: ValidationError, place: ValuePlace): DiagnosticText {
  const { node, path, text } = place;
  const { params } = error;
  switch (error.keyword) {
    case 'type':
      return explainType(typeNames(params['type']), place);
    case 'enum':
      return explainChoice(stringsOf(params['allowedValues']), node, path, text);
    case 'minimum':
    case 'maximum':
      return {
        code: 'out-of-range',
        message: `must be at ${error.keyword === 'minimum' ? 'least' : 'most'} ${limitText(params['limit'])}, got ${describe(node, text)}`,
      };
    default:
      return { code: 'wrong-value', message: `must satisfy '${error.keyword}', got ${describe(node, text)}` };
  }
}

/** JavaScript numbers cannot represent the limits of int64 exactly. */
function limitText(limit: unknown): string {
  if (limit === 2 ** 63) return '9223372036854775807';
  return limit === -(2 ** 63) ? '-9223372036854775808' : String(limit);
}

function stringsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function typeNames(value: unknown): readonly string[] {
  return typeof value === 'string' ? [value] : stringsOf(value);
}

const articles: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  integer: 'an integer',
  number: 'a number',
  object: 'an object',
  string: 'a string',
};

function explainType(wanted: readonly string[], place: ValuePlace): DiagnosticText {
  const names = wanted.map((name) => articles[name] ?? name).join(' or ');
  return {
    code: 'wrong-type',
    message: `must be ${names}, got ${describe(place.node, place.text)}`,
    ...correctType(wanted, place),
  };
}

function correctType(
  wanted: readonly string[],
  { node, path, root, text }: ValuePlace,
): Pick<DiagnosticText, 'help' | 'replacement'> {
  if (node.type === 'map' && path.at(-1) === 'env' && wanted.includes('array'))
    return { help: 'Write each variable as an item of a list: - {name: NAME, value: TEXT}' };
  if (node.type !== 'scalar') return {};
  if (wanted.includes('object')) return objectOf(node.value, path);
  const written = text.slice(node.start, node.end);
  if (node.value === null) return { help: 'A list item must not be empty.' };
  if (typeof node.value !== 'string') {
    if (!wanted.includes('string')) return {};
    if (hasTag(text, node.start)) return { help: 'Remove the tag, and quote the value.' };
    const replacement = `"${written}"`;
    const surprise = typeof node.value === 'boolean' && !/^(?:true|false)$/i.test(written);
    const why = surprise ? `In Kubernetes' YAML a plain ${written} is a boolean. ` : '';
    return { help: `${why}Quote it: ${replacement}.`, replacement };
  }
  if (wanted.includes('array')) {
    const { items, isCertain } = meantList(node.value, root, path);
    const list = `[${items.map((item) => JSON.stringify(item)).join(', ')}]`;
    return { help: `Write it as a list: ${list}.`, ...(isCertain ? { replacement: list } : {}) };
  }
  const meant = node.plain ? node.value : resolvePlainScalar(node.value);
  const fits =
    (wanted.includes('integer') && typeof meant === 'number') ||
    (wanted.includes('boolean') && typeof meant === 'boolean');
  return fits ? { help: `Write it without quotes: ${node.value}.`, replacement: node.value } : {};
}

/** Whether a tag such as `!!int` stands before a value. */
function hasTag(text: string, start: number): boolean {
  return /(?:^|\s)!\S*\s+(?:&\S+\s+)?$/.test(text.slice(Math.max(0, start - 200), start));
}

/** An item in the form of compose: `NAME=TEXT` of env, `8080:80` of ports. */
function objectOf(
  value: string | number | boolean | null,
  path: FieldPath,
): Pick<DiagnosticText, 'help' | 'replacement'> {
  const [list, index] = path.slice(-2);
  if (typeof value !== 'string' || typeof index !== 'number') return {};
  const [, name, text] = (list === 'env' ? /^([\w.-]+)=(.*)$/ : /^$/).exec(value) ?? [];
  const [, host, container] = (list === 'ports' ? /^(\d{1,5}):(\d{1,5})$/ : /^$/).exec(value) ?? [];
  const replacement =
    name !== undefined && text !== undefined
      ? `{"name": ${JSON.stringify(name)}, "value": ${JSON.stringify(text)}}`
      : host !== undefined && container !== undefined
        ? `{"containerPort": ${container}, "hostPort": ${host}}`
        : undefined;
  return replacement === undefined ? {} : { help: `Write it as an object: ${replacement}`, replacement };
}

/** Words of podman and docker for choices of Kubernetes. */
const SYNONYMS: Readonly<Record<string, string>> = {
  missing: 'IfNotPresent',
  newer: 'Always',
  no: 'Never',
  'unless-stopped': 'Always',
};

function synonym(value: string, choices: readonly string[]): string | undefined {
  const meant = Object.hasOwn(SYNONYMS, value) ? SYNONYMS[value] : undefined;
  return meant !== undefined && choices.includes(meant) ? meant : undefined;
}

/** An empty value means unset and is not suggested. */
function explainChoice(
  allowed: readonly string[],
  node: YamlNode,
  path: FieldPath,
  text: string,
): DiagnosticText {
  const choices = allowed.filter((choice) => choice !== '');
  const value = node.type === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
  const same = value === undefined ? undefined : synonym(value, choices);
  const near = value === undefined ? {} : suggestion(value, choices);
  const field = path.findLast((part) => typeof part === 'string') ?? 'value';
  const subject = value === undefined ? describe(node, text) : `'${value}'`;
  return {
    code: 'wrong-value',
    message: `${subject} is not a valid ${field} (${choices.join(', ')})`,
    ...(same === undefined ? near : { suggestion: same }),
  };
}
