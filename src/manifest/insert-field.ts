import type { Edit } from '../base/edit.ts';
import type { SourceText } from './source-text.ts';
import type { YamlMap } from './yaml/yaml-tree.ts';

/**
 * The edit that writes a field before the first one of an object, or before a named one. Empty for an object without
 * fields.
 * @param value YAML and JSON alike: a number, or a text that needs no quotes in YAML
 */
export function insertField(
  source: SourceText,
  map: YamlMap,
  name: string,
  value: string | number,
  before?: string,
): readonly Edit[] {
  const next = before === undefined ? [...map.entries.values()][0] : map.entries.get(before);
  if (next === undefined) return [];
  const location = source.locate(next.keyStart);
  const text = map.flow
    ? `${JSON.stringify(name)}: ${JSON.stringify(value)}, `
    : `${name}: ${value}\n${' '.repeat(location.column - 1)}`;
  return [{ location, length: 0, text }];
}
