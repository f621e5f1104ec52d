import { isObject } from './json-members.ts';
import { failure, success, type Result } from './result.ts';
import { parseTemplate, type Node, type Operand, type Selector } from './json-path-parser.ts';

/**
 * Renders a JSONPath template in kubectl's dialect: `{.items[*].metadata.name}`, `{range .items[*]}{.a}{"\n"}{end}`,
 * `[?(@.name=="app")]`, `..name`, `[-1:]`, `['a','b']`. Several results are joined by spaces; what does not exist is
 * empty. Fails with the reason if the template is invalid.
 * https://kubernetes.io/docs/reference/kubectl/jsonpath/
 */
export function renderJsonPath(template: string, root: unknown): Result<string, string> {
  const parsed = parseTemplate(template);
  return parsed.ok ? success(render(parsed.value, root, root)) : failure(parsed.error);
}

/** The values that one path selects: `{.status.phase}`, or `.status.phase` without braces. */
export function selectJsonPath(path: string, root: unknown): Result<readonly unknown[], string> {
  const parsed = parseTemplate(path);
  if (!parsed.ok) return failure(parsed.error);
  const [node, ...others] = parsed.value;
  return node?.kind === 'path' && others.length === 0
    ? success(select(node.selectors, root, root))
    : failure('expected one path, such as {.status.phase}');
}

/** A value as kubectl prints it: texts as they are, objects and lists as JSON. */
export function jsonPathText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : JSON.stringify(value);
}

function render(nodes: readonly Node[], current: unknown, root: unknown): string {
  return nodes
    .map((node) => {
      switch (node.kind) {
        case 'text':
          return node.text;
        case 'path':
          return select(node.selectors, current, root).map(jsonPathText).join(' ');
        case 'range':
          return select(node.selectors, current, root)
            .map((item) => render(node.body, item, root))
            .join('');
      }
    })
    .join('');
}

function select(selectors: readonly Selector[], current: unknown, root: unknown): readonly unknown[] {
  return selectors.reduce<readonly unknown[]>(
    (values, selector) => values.flatMap((value) => step(selector, value, root)),
    [current],
  );
}

function step(selector: Selector, value: unknown, root: unknown): readonly unknown[] {
  switch (selector.kind) {
    case 'root':
      return [root];
    case 'names':
      return selector.names.flatMap((name) => member(value, name));
    case 'all':
      return childrenOf(value);
    case 'indexes':
      return Array.isArray(value) ? selector.indexes.flatMap((index) => at(value, index)) : [];
    case 'slice':
      return Array.isArray(value) ? slice(value, selector) : [];
    case 'filter':
      return childrenOf(value).filter((child) => holds(selector, child, root));
    case 'descendants':
      return [value, ...descendantsOf(value)].flatMap((one) => member(one, selector.name));
  }
}

function member(value: unknown, name: string): readonly unknown[] {
  return isObject(value) && Object.hasOwn(value, name) ? [value[name]] : [];
}

function childrenOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}

function descendantsOf(value: unknown): readonly unknown[] {
  return childrenOf(value).flatMap((child) => [child, ...descendantsOf(child)]);
}

function at(list: readonly unknown[], index: number): readonly unknown[] {
  const position = index < 0 ? list.length + index : index;
  return position >= 0 && position < list.length ? [list[position]] : [];
}

function slice(
  list: readonly unknown[],
  { from, to, by }: Extract<Selector, { readonly kind: 'slice' }>,
): readonly unknown[] {
  return list.slice(from ?? 0, to ?? list.length).filter((_, index) => index % (by ?? 1) === 0);
}

function holds(
  { left, operator, right }: Extract<Selector, { readonly kind: 'filter' }>,
  item: unknown,
  root: unknown,
): boolean {
  const [first] = valuesOf(left, item, root);
  if (operator === undefined || right === undefined) return first !== undefined;
  const [second] = valuesOf(right, item, root);
  if (first === undefined || second === undefined) return false;
  switch (operator) {
    case '==':
      return first === second;
    case '!=':
      return first !== second;
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compares(first, second, operator);
  }
}

function compares(first: unknown, second: unknown, operator: '<' | '<=' | '>' | '>='): boolean {
  const isPair =
    (typeof first === 'number' && typeof second === 'number') ||
    (typeof first === 'string' && typeof second === 'string');
  if (!isPair) return false;
  const order = first < second ? -1 : first > second ? 1 : 0;
  return { '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0 }[operator];
}

function valuesOf(operand: Operand, item: unknown, root: unknown): readonly unknown[] {
  return operand.kind === 'value' ? [operand.value] : select(operand.selectors, item, root);
}
