import type { Edit } from '../base/edit.ts';
import type { Location } from '../base/location.ts';
import type { SourceText } from './source-text.ts';
import { isJsonStream } from './yaml/json-stream.ts';
import { resolvePlainScalar } from './yaml/plain-scalar.ts';
import { lastOffset, type YamlEntry, type YamlMap } from './yaml/yaml-tree.ts';

/** A value to write. Lists are written in brackets. */
export type FieldValue =
  string | number | boolean | readonly string[] | { readonly [name: string]: FieldValue };

/** The place of a new field in an object: next to another one. Without one, or if that is missing, before the first. */
export interface Neighbour {
  readonly before?: string;
  readonly after?: string;
}

/** The edit that writes a field of an object. Empty for an object in a block without fields. */
export function insertField(
  source: SourceText,
  map: YamlMap,
  name: string,
  value: FieldValue,
  { before, after }: Neighbour = {},
): readonly Edit[] {
  const previous = after === undefined ? undefined : map.entries.get(after);
  if (previous !== undefined) return insertAfter(source, map, previous, name, value);
  const next = (before === undefined ? undefined : map.entries.get(before)) ?? [...map.entries.values()][0];
  const written = memberInFlow(source, map, name, value);
  if (next === undefined)
    return map.flow ? [{ location: source.locate(map.start + 1), length: 0, text: written }] : [];
  const location = source.locate(next.keyStart);
  const text = map.flow
    ? `${written}, `
    : `${inBlock(name, value, location.column - 1).trimStart()}${' '.repeat(location.column - 1)}`;
  return [{ location, length: 0, text }];
}

function insertAfter(
  source: SourceText,
  map: YamlMap,
  { keyStart, value: node }: YamlEntry,
  name: string,
  value: FieldValue,
): readonly Edit[] {
  if (map.flow) {
    const last = source.locate(node.end - 1);
    const location = { ...last, column: last.column + 1 };
    return [{ location, length: 0, text: `, ${memberInFlow(source, map, name, value)}` }];
  }
  const field = inBlock(name, value, source.locate(keyStart).column - 1);
  const isLastLine = !source.text.includes('\n', lastOffset(node, keyStart));
  const location = lineStart(source, source.locate(lastOffset(node, keyStart)).line + 1);
  return [{ location, length: 0, text: isLastLine ? `\n${field.trimEnd()}` : field }];
}

/** The edit that adds an object to the end of a file. */
export function appendDocument(
  { file, text }: SourceText,
  object: { readonly [name: string]: FieldValue },
): readonly Edit[] {
  const lines = Object.entries(object).map(([name, value]) => inBlock(name, value, 0));
  const document = isJsonStream(text) ? `${inFlow(object, json)}\n` : `---\n${lines.join('')}`;
  const end = lineStart({ file }, text.split('\n').length + 1);
  return [{ location: end, length: 0, text: text.endsWith('\n') ? document : `\n${document}` }];
}

function lineStart({ file }: Pick<SourceText, 'file'>, line: number): Location {
  return { file, line, column: 1 };
}

function inBlock(name: string, value: FieldValue, indent: number): string {
  const start = `${' '.repeat(indent)}${name}:`;
  if (typeof value !== 'object') return `${start} ${scalar(value)}\n`;
  if (isList(value)) return `${start} [${value.map(scalar).join(', ')}]\n`;
  const fields = Object.entries(value).map(([field, inner]) => inBlock(field, inner, indent + 2));
  return `${start}\n${fields.join('')}`;
}

function isList(value: object): value is readonly string[] {
  return Array.isArray(value);
}

function scalar(value: string | number | boolean): string {
  if (typeof value !== 'string') return value.toString();
  const isPlain = /^[A-Za-z/\d][\w./:-]*$/.test(value) && !value.endsWith(':');
  return isPlain && resolvePlainScalar(value) === value ? value : JSON.stringify(value);
}

/** Without the braces, in quotes if the other fields have them. */
function memberInFlow(source: SourceText, map: YamlMap, name: string, value: FieldValue): string {
  return inFlow({ [name]: value }, hasQuotedNames(source, map) ? json : scalar).slice(1, -1);
}

/** Whether the names of the fields of an object are in double quotes, as JSON requires it. */
export function hasQuotedNames({ text }: SourceText, { entries }: YamlMap): boolean {
  const [first] = entries.values();
  return first === undefined ? isJsonStream(text) : text[first.keyStart] === '"';
}

type WriteScalar = (value: string | number | boolean) => string;

const json: WriteScalar = (value) => JSON.stringify(value);

function inFlow(value: FieldValue, write: WriteScalar): string {
  if (typeof value !== 'object') return write(value);
  if (isList(value)) return `[${value.map(write).join(', ')}]`;
  const fields = Object.entries(value).map(([name, inner]) => `${write(name)}: ${inFlow(inner, write)}`);
  return `{${fields.join(', ')}}`;
}
