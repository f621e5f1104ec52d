import type { Edit } from '../base/edit.ts';
import type { FieldPath } from '../base/path.ts';
import { hasQuotedNames } from './insert-field.ts';
import type { SourceText } from './source-text.ts';
import { find, lastOffset, toJson, type YamlEntry, type YamlMap, type YamlNode } from './yaml/yaml-tree.ts';

/**
 * The edits that move a field with its comments to another object of the document, as its last field. An object that does
 * not exist yet is written. Empty where the layout of the file does not allow it.
 * @param target the path of the other object; its parent exists
 */
export function moveField(
  source: SourceText,
  root: YamlNode,
  from: FieldPath,
  target: FieldPath,
): readonly Edit[] {
  const { entry, exists } = find(root, from);
  if (!exists || entry === undefined) return [];
  const removal = removeField(source, root, from);
  const written = writtenField(source, root, from, entry);
  if (removal === undefined || written === undefined) return [];
  const insertion = insertWritten(source, root, written, target);
  return insertion === undefined ? [] : [removal, insertion];
}

/** A field as text. */
interface Written {
  readonly name: string;
  /** The lines of a field of a block, without the indentation of the first one; undefined in braces. */
  readonly lines: readonly string[] | undefined;
  /** In one line, for an object in braces; undefined if comments would be lost. */
  readonly inFlow: string | undefined;
}

function writtenField(
  source: SourceText,
  root: YamlNode,
  from: FieldPath,
  { keyStart, keyEnd, value }: YamlEntry,
): Written | undefined {
  const { text } = source;
  const parent = find(root, from.slice(0, -1)).node;
  const name = String(from.at(-1));
  const isOneLine = !/[\n#]/.test(text.slice(keyStart, value.end));
  const isCompact = value.type === 'scalar' ? isOneLine : value.flow && isOneLine;
  if (parent.type === 'map' && parent.flow)
    return isCompact
      ? { name, lines: [text.slice(keyStart, value.end)], inFlow: text.slice(keyStart, value.end) }
      : undefined;
  const lines = blockLines(source, keyStart, value);
  if (lines === undefined) return undefined;
  const hasComments = lines.some((line) => line.includes('#'));
  const inFlow = isCompact
    ? text.slice(keyStart, value.end)
    : hasComments
      ? undefined
      : `${text.slice(keyStart, keyEnd)}: ${JSON.stringify(toJson(value))}`;
  return { name, lines, inFlow };
}

/** The lines of a field, without the indentation of its key; undefined if a line has less. */
function blockLines({ text }: SourceText, keyStart: number, value: YamlNode): readonly string[] | undefined {
  const start = lineStart(text, keyStart);
  const indent = keyStart - start;
  const lines = text
    .slice(start, lineEnd(text, lastOffset(value, keyStart)))
    .trimEnd()
    .split(/\r?\n/);
  const isDeep = lines.every((line) => line.trim() === '' || (/^ */.exec(line)?.[0].length ?? 0) >= indent);
  return isDeep ? lines.map((line) => line.slice(indent)) : undefined;
}

/** The edit that removes a field, and of the object around it if it is the only field. */
export function removeField(source: SourceText, root: YamlNode, path: FieldPath): Edit | undefined {
  const { text } = source;
  const parent = find(root, path.slice(0, -1)).node;
  const { entry } = find(root, path);
  if (parent.type !== 'map' || entry === undefined) return undefined;
  if (parent.entries.size === 1)
    return path.length > 1 && typeof path.at(-2) === 'string'
      ? removeField(source, root, path.slice(0, -1))
      : undefined;
  if (parent.flow) return removeInFlow(source, parent, entry);
  const start = lineStart(text, entry.keyStart);
  // The first field of a list item stands after its dash.
  if (text.slice(start, entry.keyStart).trim() !== '') return undefined;
  const end = lineEnd(text, lastOffset(entry.value, entry.keyStart));
  return { location: atLineOf(source, entry.keyStart), length: end - start, text: '' };
}

function removeInFlow(source: SourceText, { entries }: YamlMap, entry: YamlEntry): Edit {
  const all = [...entries.values()].sort((a, b) => a.keyStart - b.keyStart);
  const at = all.indexOf(entry);
  const [before, next] = [all[at - 1], all[at + 1]];
  if (next !== undefined)
    return { location: source.locate(entry.keyStart), length: next.keyStart - entry.keyStart, text: '' };
  const start = before?.value.end ?? entry.keyStart;
  return { location: source.locate(start), length: entry.value.end - start, text: '' };
}

function insertWritten(
  source: SourceText,
  root: YamlNode,
  { lines, inFlow }: Written,
  target: FieldPath,
): Edit | undefined {
  const { node, exists } = find(root, target);
  if (exists) return node.type === 'map' ? addField(source, node, lines, inFlow) : undefined;
  const owner = find(root, target.slice(0, -1));
  const name = String(target.at(-1));
  if (!owner.exists || owner.node.type !== 'map') return undefined;
  return addField(
    source,
    owner.node,
    lines === undefined ? undefined : [`${name}:`, ...lines.map((line) => (line === '' ? '' : `  ${line}`))],
    inFlow === undefined
      ? undefined
      : `${hasQuotedNames(source, owner.node) ? JSON.stringify(name) : name}: {${inFlow}}`,
  );
}

/** Adds a field to the end of an object. */
function addField(
  source: SourceText,
  map: YamlMap,
  lines: readonly string[] | undefined,
  inFlow: string | undefined,
): Edit | undefined {
  const { text, file } = source;
  const fields = [...map.entries.values()].sort((a, b) => a.keyStart - b.keyStart);
  const last = fields.at(-1);
  if (map.flow) {
    if (inFlow === undefined) return undefined;
    const at = source.locate((last?.value.end ?? map.start + 1) - 1);
    const location = { file, line: at.line, column: at.column + 1 };
    return { location, length: 0, text: last === undefined ? inFlow : `, ${inFlow}` };
  }
  if (lines === undefined || last === undefined) return undefined;
  const indent = ' '.repeat(source.locate(last.keyStart).column - 1);
  const block = lines.map((line) => (line === '' ? '' : indent + line)).join('\n');
  const end = lastOffset(last.value, last.keyStart);
  const isLastLine = !text.includes('\n', end);
  const location = { file, line: source.locate(end).line + 1, column: 1 };
  return { location, length: 0, text: isLastLine ? `\n${block}` : `${block}\n` };
}

function atLineOf(source: SourceText, offset: number): Edit['location'] {
  const { file, line } = source.locate(offset);
  return { file, line, column: 1 };
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** After the line break. */
function lineEnd(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  return at === -1 ? text.length : at + 1;
}
