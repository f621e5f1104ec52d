import type { Paint, Tone } from '../base/paint.ts';
import { fieldText, type FoundField } from '../manifest/schema/find-field.ts';
import { fieldsOf, isDefinition, type FieldType } from '../manifest/yaml/shape.ts';
import { isEntry, type SupportEntry, type SupportNode } from '../kube/support/entry.ts';
import { supportOf } from '../kube/support/support-table.ts';
import { padEnd } from './terminal/display-width.ts';
import { wrap } from './terminal/wrap.ts';

/** The API reference. It is passed in because it is large and loaded on demand. */
export interface Reference {
  readonly describeDefinition: (definition: string, field?: string) => string;
  readonly isRequired: (definition: string, field: string) => boolean;
  readonly choicesOf: (definition: string, field: string) => readonly string[];
}

/** Maximum width: longer lines are hard to read. */
const MAX_WIDTH = 100;
const MIN_COLUMN_WIDTH = 24;

/** Renders a field: type, support, description and subfields. */
export function renderExplanation(
  found: FoundField,
  reference: Reference,
  paint: Paint,
  columns: number,
): string {
  const width = Math.min(columns, MAX_WIDTH);
  const parts = [
    [heading(found, reference, paint)],
    supportLines(supportOf(found.kind, found.names), width, paint),
    descriptionOf(found, reference)
      .split(/ {3,}|(?<=[.:;)]) {2,}/)
      .flatMap((paragraph) => wrap(paragraph, width)),
    choices(found, reference, width),
    fieldLines(found, reference, width, paint),
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function heading(found: FoundField, reference: Reference, paint: Paint): string {
  const { names, type, owner } = found;
  const name = names.at(-1);
  const isRequiredField = name !== undefined && owner !== undefined && reference.isRequired(owner, name);
  const definition = isDefinition(type.of) && names.length > 0 ? ` (${type.of})` : '';
  return `${paint('strong', fieldText(found))}   ${typeWords(type)}${definition}${isRequiredField ? ', required' : ''}`;
}

/** The description of the field, or else of its type. */
function descriptionOf({ names, type, owner }: FoundField, reference: Reference): string {
  const name = names.at(-1);
  const own = name === undefined || owner === undefined ? '' : reference.describeDefinition(owner, name);
  return own === '' ? reference.describeDefinition(type.of) : own;
}

function choices({ names, owner }: FoundField, reference: Reference, width: number): readonly string[] {
  const name = names.at(-1);
  const words = name === undefined || owner === undefined ? [] : reference.choicesOf(owner, name);
  return words.length === 0 ? [] : wrap(`Values: ${words.join(', ')}`, width);
}

function supportLines(node: SupportNode | undefined, width: number, paint: Paint): readonly string[] {
  const words = supportWords(node);
  if (words === undefined) return [];
  const [first = '', ...rest] = wrap(words.text, width - LABEL.length);
  return [
    LABEL + paint(words.tone, first),
    ...rest.map((line) => ' '.repeat(LABEL.length) + paint(words.tone, line)),
  ];
}

const LABEL = 'podpose   ';

interface SupportWords {
  readonly text: string;
  readonly tone: Tone;
}

function supportWords(node: SupportNode | undefined): SupportWords | undefined {
  if (node === undefined) return undefined;
  if (isEntry(node)) return { text: `${supportText(node)}: ${node.why}`, tone: toneOf(node) };
  const entries = entriesOf(node);
  const texts = new Set(entries.map(supportText));
  const [only] = texts;
  if (only !== undefined && texts.size === 1) return { text: only, tone: 'faint' };
  return {
    text: entries.some(({ support }) => support === 'used') ? 'used in part' : 'see its fields',
    tone: 'faint',
  };
}

function entriesOf(node: SupportNode): readonly SupportEntry[] {
  return isEntry(node) ? [node] : Object.values(node).flatMap(entriesOf);
}

/** The support of a field in a few words. */
export function supportText({ support, planned }: SupportEntry): string {
  switch (support) {
    case 'used':
      return 'used';
    case 'ignored':
      return 'ignored';
    case 'no-effect':
      return 'no effect';
    case 'refused':
      return planned ? 'not supported yet' : 'not supported';
  }
}

function toneOf({ support }: SupportEntry): Tone {
  switch (support) {
    case 'used':
      return 'added';
    case 'ignored':
      return 'changed';
    case 'refused':
      return 'removed';
    case 'no-effect':
      return 'faint';
  }
}

function fieldLines(
  { kind, names, type }: FoundField,
  reference: Reference,
  width: number,
  paint: Paint,
): readonly string[] {
  const rows = fieldsOf(type.of).map((field) => ({
    name: `${field.name}${reference.isRequired(type.of, field.name) ? ' *' : ''}`,
    holds: typeWords(field),
    words: supportWords(supportOf(kind, [...names, field.name])),
  }));
  if (rows.length === 0) return [];
  const nameWidth = Math.max(...rows.map(({ name }) => name.length));
  const typeWidth = Math.max(...rows.map(({ holds }) => holds.length));
  const indent = 2 + nameWidth + 2 + typeWidth + 2;
  const room = Math.max(MIN_COLUMN_WIDTH, width - indent);
  const lines = rows.flatMap(({ name, holds, words }) => {
    const [first = '', ...rest] = words === undefined ? [] : wrap(words.text, room);
    const painted = (text: string): string => (words === undefined ? text : paint(words.tone, text));
    return [
      `  ${padEnd(name, nameWidth)}  ${padEnd(holds, typeWidth)}  ${painted(first)}`.trimEnd(),
      ...rest.map((line) => ' '.repeat(indent) + painted(line)),
    ];
  });
  const hasRequired = rows.some(({ name }) => name.endsWith('*'));
  return [paint('strong', `Fields${hasRequired ? ' (* is required)' : ''}:`), ...lines];
}

const SCALARS: Readonly<Record<string, string>> = {
  any: 'anything',
  bytes: 'base64',
  choice: 'string',
  int32: 'integer',
  int64: 'integer',
  intOrString: 'integer or string',
};

function typeWords({ holds, of }: FieldType): string {
  const one = isDefinition(of) ? 'object' : (SCALARS[of] ?? of);
  if (holds === 'one') return one;
  const many = one === 'base64' || one === 'anything' ? one : one === 'quantity' ? 'quantities' : `${one}s`;
  return holds === 'list' ? `list of ${many}` : `map of ${many}`;
}
