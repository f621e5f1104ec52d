import type { Location } from '../base/location.ts';
import type { FieldPath } from '../base/path.ts';
import type { SourceText } from './source-text.ts';
import { find, type Found, type YamlNode } from './yaml/yaml-tree.ts';

/**
 * Where a person would look for the value at a path: a scalar or something in braces where it stands, a block
 * of lines at the name that it stands under. What is not there is missed at its nearest parent.
 */
export function placeOfValue(source: SourceText, root: YamlNode, path: FieldPath): Location {
  const found = find(root, path);
  const { node, entry } = found;
  const standsAlone = node.type === 'scalar' ? node.end > node.start : node.flow;
  if (standsAlone) return source.locate(node.start, node.end);
  return entry === undefined ? placeOfBlock(source, node) : source.locate(entry.keyStart, entry.keyEnd);
}

/** Where the name of the field at a path stands; what is not there is missed at its nearest parent. */
export function placeOfKey(source: SourceText, root: YamlNode, path: FieldPath): Location {
  const { entry, whole }: Found = find(root, path);
  return whole && entry !== undefined
    ? source.locate(entry.keyStart, entry.keyEnd)
    : placeOfValue(source, root, path);
}

/** An item of a list begins with its first field. */
function placeOfBlock(source: SourceText, node: YamlNode): Location {
  const first = node.type === 'map' ? [...node.entries.values()][0] : undefined;
  return first === undefined ? source.locate(node.start) : source.locate(first.keyStart, first.keyEnd);
}
