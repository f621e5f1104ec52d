import type { FieldPath } from '../../base/path.ts';
import { gluedMessage, gluedValue, scalarLines, type GluedField, type ScalarLine } from './missing-space.ts';
import { resolvePlainScalar } from './plain-scalar.ts';
import { fieldType, isDefinition, type FieldType } from './shape.ts';
import type { YamlEntry, YamlMap, YamlNode, YamlScalar } from './yaml-tree.ts';

/** A field that was found in the words of a value. */
export interface SeparatedField {
  readonly field: GluedField;
  readonly message: string;
  readonly suggestion: string;
  /** Of the object that the field belongs to. */
  readonly path: FieldPath;
  /** Whether its value is in the tree; one that is more than a plain word is not. */
  readonly isRead: boolean;
}

/**
 * Takes fields without their space out of the values that YAML, without an error, put them into:
 *
 *     - containerPort: 8080        and     containers:
 *         hostPort:8001                    - image:nginx
 *
 * The schema tells them from other words with a colon: only a field that could stand there is taken for one.
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

  /** A lone word where an object is wanted is one when it begins with a field of that object. */
  const visitWord = (node: YamlScalar, of: string, path: FieldPath): YamlNode => {
    if (!node.plain || typeof node.value !== 'string') return node;
    const fields = scalarLines(text, node.start, node.end).map(({ glued: field }) => field);
    if (!fields.every((field) => field !== undefined && fieldType(of, field.key) !== undefined)) return node;
    const entries = new Map<string, YamlEntry>();
    for (const field of fields) if (field !== undefined) addField(entries, field, path);
    return { type: 'map', start: node.start, end: node.end, flow: false, entries };
  };

  const glued = (node: YamlNode, of: string): Words | undefined => {
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

interface Words {
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
