import type { FieldPath } from '../../base/path.ts';
import { find, type YamlNode } from '../yaml/yaml-tree.ts';

/** A list that is certain, or only an example of one. */
export interface MeantList {
  readonly items: readonly string[];
  readonly isCertain: boolean;
}

/** A part of a word: plain characters, `$(NAME)` of Kubernetes, or a text in quotes. */
const PART = /(?:[\w./:=@%+,-]|\$\([\w.-]+\))+|'[^']*'|"[^"\\`$]*"/y;

/**
 * The words of a command line without characters that only a shell interprets, such as `|`, `$NAME` and `*`; undefined with
 * them. Quotes are removed as a POSIX shell does it.
 */
export function commandWords(line: string): readonly string[] | undefined {
  const words: string[] = [];
  const text = line.trim();
  let word = '';
  for (let at = 0; at < text.length;) {
    if (/\s/.test(text[at] ?? '')) {
      words.push(word);
      word = '';
      at += (/^\s+/.exec(text.slice(at))?.[0] ?? ' ').length;
      continue;
    }
    PART.lastIndex = at;
    const part = PART.exec(text)?.[0];
    if (part === undefined) return undefined;
    word += /^["']/.test(part) ? part.slice(1, -1) : part;
    at += part.length;
  }
  return [...words, word];
}

/** The list that a text means: `sleep 100` of a command is two words. */
export function meantList(value: string, root: YamlNode, path: FieldPath): MeantList {
  const field = path.at(-1);
  if (field !== 'command' && field !== 'args') return { items: [value], isCertain: true };
  if (field === 'args' && hasScript(find(root, [...path.slice(0, -1), 'command'])))
    return { items: [value], isCertain: true };
  const items = commandWords(value);
  if (items !== undefined) return { items, isCertain: true };
  return { items: field === 'command' ? ['sh', '-c', value] : [value], isCertain: false };
}

/** Whether the next argument of a command is a script of a shell: `["sh", "-c"]`. */
function hasScript({ node, exists }: { readonly node: YamlNode; readonly exists: boolean }): boolean {
  if (!exists) return false;
  const last = node.type === 'list' ? node.items.at(-1) : node;
  return last?.type === 'scalar' && /(?:^| )-[a-z]*c$/.test(String(last.value));
}
