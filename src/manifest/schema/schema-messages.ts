import { defined } from '../../base/defined.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { FieldPath } from '../../base/path.ts';
import { suggest } from '../../base/suggest.ts';
import type { ValidationError } from './generated/validators.js';
import { describe } from './describe.ts';
import { resolvePlainScalar } from '../yaml/plain-scalar.ts';
import type { YamlNode } from '../yaml/yaml-tree.ts';

/** A diagnostic without its location. */
export type DiagnosticText = Pick<Diagnostic, 'code' | 'message' | 'suggestion' | 'help'>;

/** Explains a schema error; `node` is the invalid value and `path` its path. */
export function explainWrongValue(
  error: ValidationError,
  node: YamlNode,
  path: FieldPath,
  text: string,
): DiagnosticText {
  const { params } = error;
  switch (error.keyword) {
    case 'type':
      return explainType(typeNames(params['type']), node, text);
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

function explainType(wanted: readonly string[], node: YamlNode, text: string): DiagnosticText {
  const names = wanted.map((name) => articles[name] ?? name).join(' or ');
  const help = helpWithType(wanted, node, text);
  return {
    code: 'wrong-type',
    message: `must be ${names}, got ${describe(node, text)}`,
    ...defined({ help }),
  };
}

function helpWithType(wanted: readonly string[], node: YamlNode, text: string): string | undefined {
  if (node.type !== 'scalar') return undefined;
  const written = text.slice(node.start, node.end);
  if (node.value === null) return 'A list item must not be empty.';
  if (typeof node.value !== 'string') {
    if (!wanted.includes('string')) return undefined;
    const surprise = typeof node.value === 'boolean' && !/^(?:true|false)$/i.test(written);
    return `${surprise ? `In Kubernetes' YAML a plain ${written} is a boolean. ` : ''}Quote it: "${written}".`;
  }
  if (wanted.includes('array')) return `Write it as a list: [${JSON.stringify(node.value)}].`;
  const resolved = node.plain ? node.value : resolvePlainScalar(node.value);
  const fits =
    (wanted.includes('integer') && typeof resolved === 'number') ||
    (wanted.includes('boolean') && typeof resolved === 'boolean');
  return fits ? `Write it without quotes: ${node.value}.` : undefined;
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
  const suggestion = value === undefined ? undefined : suggest(value, choices);
  const field = path.findLast((part) => typeof part === 'string') ?? 'value';
  const subject = value === undefined ? describe(node, text) : `'${value}'`;
  return {
    code: 'wrong-value',
    message: `${subject} is not a valid ${field} (${choices.join(', ')})`,
    ...defined({ suggestion }),
  };
}
