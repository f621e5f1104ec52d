import { failure, success, type Result } from './result.ts';

export type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'path'; readonly selectors: readonly Selector[] }
  | { readonly kind: 'range'; readonly selectors: readonly Selector[]; readonly body: readonly Node[] };

export type Selector =
  | { readonly kind: 'root' }
  | { readonly kind: 'all' }
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'indexes'; readonly indexes: readonly number[] }
  | {
      readonly kind: 'slice';
      readonly from: number | undefined;
      readonly to: number | undefined;
      readonly by: number | undefined;
    }
  | { readonly kind: 'descendants'; readonly name: string }
  | {
      readonly kind: 'filter';
      readonly left: Operand;
      readonly operator?: Operator;
      readonly right?: Operand;
    };

export type Operator = '==' | '!=' | '<' | '<=' | '>' | '>=';

export type Operand =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'path'; readonly selectors: readonly Selector[] };

/** A part of the template: text outside of braces, or what is between two braces. */
type Part = { readonly text: string } | { readonly action: string };

/**
 * Parses a JSONPath template. A template without braces is one path, as for kubectl (RelaxedJSONPathExpression in
 * k8s.io/kubectl/pkg/cmd/get/customcolumn.go). Fails with the reason.
 */
export function parseTemplate(template: string): Result<readonly Node[], string> {
  const parts = partsOf(template.includes('{') ? template : `{${template.replace(/^(?=[^.$[])/, '.')}}`);
  if (!parts.ok) return parts;
  const lists: { readonly selectors: readonly Selector[]; readonly body: Node[] }[] = [
    { selectors: [], body: [] },
  ];
  for (const part of parts.value) {
    const body = lists.at(-1)?.body ?? [];
    if ('text' in part) {
      body.push({ kind: 'text', text: part.text });
      continue;
    }
    const { action } = part;
    const quoted = unquoted(action);
    const range = /^range\s+(.*)$/s.exec(action)?.[1];
    if (quoted !== undefined) body.push({ kind: 'text', text: quoted });
    else if (action === 'end') {
      const closed = lists.pop();
      const outer = lists.at(-1);
      if (closed === undefined || outer === undefined) return failure('{end} without {range}');
      outer.body.push({ kind: 'range', ...closed });
    } else {
      const selectors = parsePath(range ?? action);
      if (!selectors.ok) return selectors;
      if (range === undefined) body.push({ kind: 'path', selectors: selectors.value });
      else lists.push({ selectors: selectors.value, body: [] });
    }
  }
  return lists.length === 1 ? success(lists[0]?.body ?? []) : failure('{range} without {end}');
}

function partsOf(template: string): Result<readonly Part[], string> {
  const parts: Part[] = [];
  let rest = template;
  while (rest !== '') {
    const open = rest.indexOf('{');
    const text = open < 0 ? rest : rest.slice(0, open);
    if (text !== '') parts.push({ text });
    if (open < 0) break;
    // Braces in quoted texts do not count.
    const action = /^\{((?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^}"'])*)\}/s.exec(rest.slice(open));
    if (action === null) return failure(`unclosed '{': ${rest.slice(open)}`);
    parts.push({ action: (action[1] ?? '').trim() });
    rest = rest.slice(open + action[0].length);
  }
  return success(parts);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

/** The text of a quoted literal; undefined for anything else. */
function unquoted(text: string): string | undefined {
  const literal = /^(["'])((?:\\.|(?!\1)[^\\])*)\1$/s.exec(text)?.[2];
  return literal?.replace(/\\(.)/gs, (_, character: string) => ESCAPES[character] ?? character);
}

/** One step of a path, at the beginning of the text. */
const STEPS: readonly (readonly [RegExp, (match: RegExpExecArray) => Selector | undefined])[] = [
  [/^\$/, () => ({ kind: 'root' })],
  [/^\.\.((?:\\.|[^.[\]\\\s])+)/, ([, name = '']) => ({ kind: 'descendants', name: unescaped(name) })],
  [/^\.?\*/, () => ({ kind: 'all' })],
  [/^\.((?:\\.|[^.[\]\\\s])+)/, ([, name = '']) => ({ kind: 'names', names: [unescaped(name)] })],
  [/^\.(?=$|\[)/, () => ({ kind: 'names', names: [] })],
  [/^\[\s*\*\s*\]/, () => ({ kind: 'all' })],
  [
    /^\[\s*(-?\d+(?:\s*,\s*-?\d+)*)\s*\]/,
    ([, list = '']) => ({ kind: 'indexes', indexes: list.split(',').map(Number) }),
  ],
  [
    /^\[\s*(-?\d*)\s*:\s*(-?\d*)\s*(?::\s*(\d*)\s*)?\]/,
    ([, from = '', to = '', by = '']) => ({
      kind: 'slice',
      from: numberIn(from),
      to: numberIn(to),
      by: by === '0' ? undefined : numberIn(by),
    }),
  ],
  [/^\[\s*((?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")(?:\s*,\s*(?:'[^']*'|"[^"]*"))*)\s*\]/, namesIn],
  [/^\[\s*\?\(((?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^"')])*)\)\s*\]/s, filterIn],
];

function parsePath(text: string): Result<readonly Selector[], string> {
  const selectors: Selector[] = [];
  let rest = text.trim().replace(/^@/, '');
  while (rest !== '') {
    const found = firstStep(rest);
    if (found === undefined) return failure(`invalid path '${text.trim()}' at '${rest}'`);
    // `.` alone is the current object.
    const isCurrent = found.selector.kind === 'names' && found.selector.names.length === 0;
    if (!isCurrent) selectors.push(found.selector);
    rest = rest.slice(found.length);
  }
  return success(selectors);
}

function firstStep(rest: string): { readonly selector: Selector; readonly length: number } | undefined {
  for (const [pattern, selectorOf] of STEPS) {
    const match = pattern.exec(rest);
    const selector = match === null ? undefined : selectorOf(match);
    if (match !== null && selector !== undefined) return { selector, length: match[0].length };
  }
  return undefined;
}

function unescaped(name: string): string {
  return name.replace(/\\(.)/g, '$1');
}

function numberIn(text: string): number | undefined {
  return text === '' ? undefined : Number(text);
}

function namesIn([, list = '']: RegExpExecArray): Selector {
  const quoted = list.match(/'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"/g) ?? [];
  return { kind: 'names', names: quoted.map((name) => unquoted(name) ?? '') };
}

function filterIn([, condition = '']: RegExpExecArray): Selector | undefined {
  const [, first = '', operator, second = ''] = /^(.*?)\s*(==|!=|<=|>=|<|>)\s*(.*)$/s.exec(condition) ?? [
    '',
    condition,
  ];
  const left = operandIn(first.trim());
  if (left === undefined) return undefined;
  if (operator === undefined) return { kind: 'filter', left };
  const right = operandIn(second.trim());
  return right === undefined ? undefined : { kind: 'filter', left, operator: operator as Operator, right };
}

function operandIn(text: string): Operand | undefined {
  const quoted = unquoted(text);
  if (quoted !== undefined) return { kind: 'value', value: quoted };
  if (/^(-?\d+(\.\d+)?|true|false)$/.test(text)) return { kind: 'value', value: JSON.parse(text) as unknown };
  if (!/^[@$]/.test(text)) return undefined;
  const selectors = parsePath(text);
  return selectors.ok ? { kind: 'path', selectors: selectors.value } : undefined;
}
