import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

const TEST = join(import.meta.dirname, '..');

/** Manifests of many kinds: one for each field and idea that the tests know. */
const manifests: readonly string[] = [
  ...readdirSync(join(TEST, 'documentation'))
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => join(TEST, 'documentation', name)),
  ...readdirSync(join(TEST, 'cases'))
    .sort()
    .map((name) => join(TEST, 'cases', name, 'pod.yaml')),
].map((path) => readFileSync(path, 'utf8'));

/** Typical and unusual mistakes. */
const ODD_VALUES: readonly unknown[] = [
  null,
  '',
  ' ',
  '.',
  '..',
  '/',
  '/../..',
  '-',
  '$(',
  '$(A)',
  '$$(A)',
  '\u00e9\u0000\u202e',
  '\ud83d',
  'x'.repeat(10_000),
  'a:b:c',
  '=',
  '1e3',
  '1e999999999',
  '-1',
  '1.5Gi',
  '9'.repeat(400),
  '__proto__',
  'constructor',
  'Always',
  'List',
  'Service',
  'metadata.labels[',
  "metadata.labels['']",
  'kube-api-access-1',
  true,
  false,
  0,
  -1,
  0.5,
  1e308,
  2 ** 53,
  65_536,
  [],
  {},
  [null],
  [[]],
  [{}],
  { name: 'x' },
  Object.fromEntries([
    ['__proto__', 1],
    ['toString', 'x'],
  ]),
];

const ODD_KEYS: readonly string[] = [
  '',
  '__proto__',
  'toString',
  'name',
  'spec',
  'items',
  '\u00e9',
  'x'.repeat(300),
  '<<',
  'a.b',
  '0',
];

interface Change {
  /** The position in the manifest, as a fraction. */
  readonly place: number;
  readonly kind: 'set' | 'delete' | 'rename' | 'repeat' | 'graft';
  /** The value, the key or the other position to take something from, as a fraction. */
  readonly choice: number;
}

const share = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const change: fc.Arbitrary<Change> = fc.record({
  place: share,
  kind: fc.constantFrom('set', 'delete', 'rename', 'repeat', 'graft'),
  choice: share,
});

/** A manifest of several JSON documents with some values replaced, moved, duplicated, renamed or removed. */
export const mutatedManifest: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom(...manifests), fc.array(change, { minLength: 1, maxLength: 8 }))
  .map(([manifest, changes]) => {
    const documents: unknown = parseAllDocuments(manifest).map((document) => document.toJS() as unknown);
    const changed: unknown = changes.reduce(applied, documents);
    const all: readonly unknown[] = Array.isArray(changed) ? changed : [changed];
    return all.map((document) => `${JSON.stringify(document ?? null)}\n`).join('---\n');
  });

type Path = readonly string[];

function applied(root: unknown, { place, kind, choice }: Change): unknown {
  const paths = [...pathsIn(root, [])];
  const path = pick(paths, place);
  if (path === undefined) return root;
  switch (kind) {
    case 'set':
      return replaced(root, path, () => [[path.at(-1) ?? '', pick(ODD_VALUES, choice)]]);
    case 'delete':
      return replaced(root, path, () => []);
    case 'rename':
      return replaced(root, path, (value) => [[pick(ODD_KEYS, choice) ?? '', value]]);
    case 'repeat':
      return replaced(root, path, (value) => [
        [path.at(-1) ?? '', value],
        [`${path.at(-1) ?? ''}2`, value],
      ]);
    case 'graft': {
      const other = pick(paths, choice) ?? [];
      return replaced(root, path, () => [[path.at(-1) ?? '', at(root, other)]]);
    }
  }
}

function pick<T>(items: readonly T[], place: number): T | undefined {
  return items[Math.floor(place * items.length)];
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function* pathsIn(value: unknown, path: Path): Iterable<Path> {
  for (const [key, member] of entriesOf(value)) {
    yield [...path, key];
    yield* pathsIn(member, [...path, key]);
  }
}

function at(value: unknown, [key, ...rest]: Path): unknown {
  return key === undefined ? value : at(entriesOf(value).find(([name]) => name === key)?.[1], rest);
}

/** The same tree with other entries at the path; for a list, their names are ignored. */
function replaced(
  tree: unknown,
  [key, ...rest]: Path,
  entries: (value: unknown) => readonly (readonly [string, unknown])[],
): unknown {
  const members = entriesOf(tree).flatMap(([name, member]) => {
    if (name !== key) return [[name, member] as const];
    return rest.length === 0 ? entries(member) : [[name, replaced(member, rest, entries)] as const];
  });
  return Array.isArray(tree) ? members.map(([, member]) => member) : Object.fromEntries(members);
}
