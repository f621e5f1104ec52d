import type { Edit } from '../../base/edit.ts';
import type { FieldPath } from '../../base/path.ts';
import { insertField } from '../insert-field.ts';
import type { Kind } from '../kinds.ts';
import type { SourceText } from '../source-text.ts';
import { find, type YamlMap, type YamlNode } from '../yaml/yaml-tree.ts';

/** An object without a required field. */
export interface Lacking {
  readonly kind: Kind;
  /** `Container` at `spec.containers[0]`. */
  readonly definition: string;
  readonly path: FieldPath;
  readonly name: string;
}

/** Whether podpose runs pods without the field: the spec of a claim is a size and access modes. */
export function isIgnoredField({ kind, path, name }: Lacking): boolean {
  return kind === 'PersistentVolumeClaim' && path.length === 0 && name === 'spec';
}

/** The edits that insert a missing field whose value is certain; undefined if it is not. */
export function insertMissing(
  source: SourceText,
  root: YamlNode,
  lacking: Lacking,
): readonly Edit[] | undefined {
  const { definition, path, name } = lacking;
  const { node } = find(root, path);
  if (node.type !== 'map' || node.entries.has(name)) return undefined;
  if (definition === 'Container' && name === 'name') {
    const value = containerName(root, path);
    return value === undefined ? undefined : insertField(source, node, name, value);
  }
  if (isIgnoredField(lacking)) return insertField(source, node, name, CLAIM_SPEC, { after: 'metadata' });
  if (name !== 'containerPort') return undefined;
  // A port that is published only by its hostPort: podman takes the same for the container.
  const hostPort = node.entries.get('hostPort')?.value;
  return hostPort?.type === 'scalar' && typeof hostPort.value === 'number'
    ? insertField(source, node, name, hostPort.value, { before: 'hostPort' })
    : undefined;
}

/** A volume of this machine. */
const CLAIM_SPEC = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };

/**
 * The name for a container without one: the last part of its image's name, with a number if another container of the pod has
 * or gets that name. Undefined without a valid one.
 */
function containerName(root: YamlNode, path: FieldPath): string | undefined {
  const spec = path.slice(0, -2);
  const all = ['initContainers', 'containers'].flatMap((list) => {
    const { node, exists } = find(root, [...spec, list]);
    return exists && node.type === 'list' ? node.items.filter((item) => item.type === 'map') : [];
  });
  const taken = new Set(all.flatMap((container) => textOf(container, 'name') ?? []));
  const { node: wanted } = find(root, path);
  for (const container of all.filter(({ entries }) => !entries.has('name'))) {
    const near = nameOfImage(textOf(container, 'image') ?? '');
    const name = near === undefined ? undefined : free(near, taken);
    if (container === wanted) return name;
    if (name !== undefined) taken.add(name);
  }
  return undefined;
}

/** The limit of a DNS label. */
const LONGEST_NAME = 63;

/** `registry.example:5000/team/web_app:1.2@sha256:…` gives `web-app`. */
function nameOfImage(image: string): string | undefined {
  const [last = ''] = image.split('@', 1)[0]?.split('/').at(-1)?.split(':') ?? [];
  const name = last
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST_NAME)
    .replace(/^-|-$/g, '');
  // An image has no uppercase letters, which a placeholder may have.
  return /^[a-z0-9._-]+$/.test(last) && name !== '' ? name : undefined;
}

function free(name: string, taken: ReadonlySet<string>): string {
  let [found, number] = [name, 1];
  while (taken.has(found)) {
    const suffix = `-${(++number).toString()}`;
    found = name.slice(0, LONGEST_NAME - suffix.length) + suffix;
  }
  return found;
}

function textOf({ entries }: YamlMap, field: string): string | undefined {
  const node = entries.get(field)?.value;
  return node?.type === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}
