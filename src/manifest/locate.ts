import type { Location } from '../base/location.ts';
import type { FieldPath } from '../base/path.ts';
import type { SourceText } from './source-text.ts';
import { find, type Found, type YamlNode } from './yaml/yaml-tree.ts';

/**
 * The location of the value at a path: a scalar or a flow collection itself, a block collection at its key. A missing
 * value has the location of its nearest parent.
 */
export function locateValue(source: SourceText, root: YamlNode, path: FieldPath): Location {
  const found = find(root, path);
  const { node, entry } = found;
  const standsAlone = node.type === 'scalar' ? node.end > node.start : node.flow;
  if (standsAlone) return source.locate(node.start, node.end);
  return entry === undefined ? locateBlock(source, node) : source.locate(entry.keyStart, entry.keyEnd);
}

/** The location of the key at a path. A missing key has the location of its nearest parent. */
export function locateKey(source: SourceText, root: YamlNode, path: FieldPath): Location {
  const { entry, exists }: Found = find(root, path);
  return exists && entry !== undefined
    ? source.locate(entry.keyStart, entry.keyEnd)
    : locateValue(source, root, path);
}

/** A list item starts with its first field. */
function locateBlock(source: SourceText, node: YamlNode): Location {
  const first = node.type === 'map' ? [...node.entries.values()][0] : undefined;
  return first === undefined ? source.locate(node.start) : source.locate(first.keyStart, first.keyEnd);
}
