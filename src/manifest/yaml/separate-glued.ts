import type { FieldPath } from '../../base/path.ts';
import { gluedMessage, gluedValue, scalarLines, type GluedField, type ScalarLine } from './missing-space.ts';
import { resolvePlainScalar } from './plain-scalar.ts';
import { fieldType, isDefinition, type FieldType } from './shape.ts';
import type { YamlEntry, YamlMap, YamlNode, YamlScalar } from './yaml-tree.ts';

/** A field without a space, found in a value. */
export interface SeparatedField {
  readonly field: GluedField;
  readonly message: string;
  readonly suggestion: string;
  /** The path of the object with the field. */
  readonly path: FieldPath;
  /** Whether its value is in the tree; only plain scalars are. */
  readonly isRead: boolean;
}

/**
 * Separates fields without a space after the colon from the values that YAML parses them into without an error:
 *
 *     - containerPort: 8080        and     containers:
 *         hostPort:8001                    - image:nginx
 *
 * Only words that are valid fields at that place, according to the schema, are separated.
 */
export function separateGlued(
  root: YamlNode,
  definition: string,
  text: string,
): { readonly root: YamlNode; readonly separated: readonly SeparatedField[] } {
  const separated: SeparatedField[] = [];

  const visitObject = (map: YamlMap, of: string, path: FieldPath): YamlMap => {
    const entries = new Map<string, YamlEntry>();
    for (const [key, entry] of map.entries) {
      const type = fieldType(of, key);
      const words = type?.holds === 'one' && !isDefinition(type.of) ? glued(entry.value, of) : undefined;
      if (words === undefined) {
        entries.set(
          key,
          type === undefined ? entry : { ...entry, value: visitField(entry.value, type, [...path, key]) },
        );
        continue;
      }
      entries.set(key, { ...entry, value: words.rest });
      for (const field of words.fields) addField(entries, field, path);
    }
    return { ...map, entries };
  };

  const visitField = (node: YamlNode, { holds, of }: FieldType, path: FieldPath): YamlNode => {
    if (!isDefinition(of)) return node;
    if (holds === 'list' && node.type === 'list')
      return {
        ...node,
        items: node.items.map((item, index) => visitField(item, { holds: 'one', of }, [...path, index])),
      };
    if (holds !== 'one') return node;
    if (node.type === 'map') return visitObject(node, of, path);
    return node.type === 'scalar' ? visitWord(node, of, path) : node;
  };

  /** A scalar in place of an object becomes the object if all of its lines are fields of it. */
  const visitWord = (node: YamlScalar, of: string, path: FieldPath): YamlNode => {
    if (!node.plain || typeof node.value !== 'string') return node;
    const fields = scalarLines(text, node.start, node.end).map(({ glued: field }) => field);
    if (!fields.every((field) => field !== undefined && fieldType(of, field.key) !== undefined)) return node;
    const entries = new Map<string, YamlEntry>();
    for (const field of fields) if (field !== undefined) addField(entries, field, path);
    return { type: 'map', start: node.start, end: node.end, flow: false, entries };
  };

  const glued = (node: YamlNode, of: string): GluedWords | undefined => {
    if (node.type !== 'scalar' || !node.plain || typeof node.value !== 'string') return undefined;
    if (!text.slice(node.start, node.end).includes('\n')) return undefined;
    const lines = scalarLines(text, node.start, node.end);
    const first = lines.findIndex(
      ({ glued: field }, index) => index > 0 && field !== undefined && fieldType(of, field.key) !== undefined,
    );
    if (first === -1) return undefined;
    return {
      rest: joinLines(lines.slice(0, first)),
      fields: lines.slice(first).flatMap(({ glued: field }) => field ?? []),
    };
  };

  const addField = (entries: Map<string, YamlEntry>, field: GluedField, path: FieldPath): void => {
    const value = gluedValue(field);
    separated.push({ field, path, isRead: value !== undefined, ...gluedMessage(field) });
    const { keyStart, keyEnd } = field;
    if (value !== undefined && !entries.has(field.key)) entries.set(field.key, { keyStart, keyEnd, value });
  };

  return { root: visitField(root, { holds: 'one', of: definition }, []), separated };
}

interface GluedWords {
  readonly rest: YamlScalar;
  readonly fields: readonly GluedField[];
}

/** The lines of a plain scalar fold into one. */
function joinLines(lines: readonly ScalarLine[]): YamlScalar {
  const start = lines[0]?.start ?? 0;
  const last = lines.at(-1);
  const end = last === undefined ? start : last.start + last.text.length;
  return {
    type: 'scalar',
    start,
    end,
    plain: true,
    value: resolvePlainScalar(lines.map((line) => line.text).join(' ')),
  };
}
