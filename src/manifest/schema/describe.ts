import type { YamlNode } from '../yaml/yaml-tree.ts';

/** An unexpected value in words: `string 'x'`, `number 8080`, `a list`. */
export function describe(node: YamlNode, text: string): string {
  if (node.type === 'list') return 'a list';
  if (node.type === 'map') return 'an object';
  if (node.value === null) return 'nothing';
  if (typeof node.value === 'string') return `string '${shorten(node.value)}'`;
  // As written: 0644, not 420.
  return `${typeof node.value} ${shorten(text.slice(node.start, node.end))}`;
}

function shorten(text: string): string {
  const line = text.split('\n', 1)[0] ?? '';
  return line.length > 40 || line !== text ? `${line.slice(0, 40)}...` : line;
}
