import { formatPath, type FieldPath } from '../../../base/path.ts';

/** Lists of a Pod whose items are identified by name, not by index. */
const LISTS: ReadonlySet<string | number> = new Set([
  'containers',
  'env',
  'httpHeaders',
  'initContainers',
  'items',
  'options',
  'ports',
  'sources',
  'sysctls',
  'volumeMounts',
  'volumes',
]);

/** Formats the path of a field, with names of list items in brackets: `spec.containers[web].ports[http].hostPort`. */
export function manifestPath(path: FieldPath): string {
  const isMember = (index: number) =>
    LISTS.has(path[index - 1] ?? '') && path[0] !== 'metadata' && !isMemberAt(index - 1);
  const isMemberAt = (index: number): boolean => index > 0 && isMember(index);
  let text = '';
  let plain: (string | number)[] = [];
  for (const [index, part] of path.entries()) {
    if (!isMemberAt(index)) {
      plain.push(part);
      continue;
    }
    text += joined(text, formatPath(plain));
    text += `[${part}]`;
    plain = [];
  }
  return text + joined(text, formatPath(plain));
}

function joined(before: string, path: string): string {
  return before === '' || path === '' || path.startsWith('[') ? path : `.${path}`;
}
