import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path/posix';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '../..');
const page = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');

type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** The arrows of the picture. */
function picture(): Graph {
  const drawn = /```mermaid\n(.*?)```/s.exec(page)?.[1] ?? '';
  return graphOf([...drawn.matchAll(/(\w+) --> (\w+)/g)].map(([, from = '', to = '']) => [from, to]));
}

/** Which directories of src/ import from which others. */
function imports(): Graph {
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
  const edges = files
    .filter((path) => /\/.*\.ts$/.test(path))
    .flatMap((path) => {
      const code = readFileSync(join(ROOT, 'src', path), 'utf8');
      const [from = ''] = path.split('/');
      const targets = [...code.matchAll(/\b(?:from|import)\s*\(?\s*'(\.[^'\n]+)'/g)].map(
        ([, imported = '']) => join(path, '..', imported).split('/')[0] ?? '',
      );
      return targets.filter((to) => to !== from && to !== '..').map((to) => [from, to] as const);
    });
  return graphOf(edges);
}

function graphOf(edges: readonly (readonly [string, string])[]): Graph {
  const graph = new Map<string, Set<string>>();
  for (const [from, to] of edges) graph.set(from, (graph.get(from) ?? new Set()).add(to));
  return graph;
}

/** All that can be reached from somewhere. */
function reachable(graph: Graph, from: string): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (node: string) => {
    for (const next of graph.get(node) ?? [])
      if (!found.has(next)) {
        found.add(next);
        visit(next);
      }
  };
  visit(from);
  return found;
}

test('every import between directories follows the arrows of the picture', () => {
  const drawn = picture();
  const missing = [...imports()].flatMap(([from, targets]) =>
    [...targets].filter((to) => !reachable(drawn, from).has(to)).map((to) => `${from} --> ${to}`),
  );
  assert.deepEqual(missing, []);
});

test('every arrow of the picture is an import', () => {
  const real = imports();
  const unreal = [...picture()].flatMap(([from, targets]) =>
    [...targets].filter((to) => real.get(from)?.has(to) !== true).map((to) => `${from} --> ${to}`),
  );
  assert.deepEqual(unreal, []);
});

test('every directory has its paragraph', () => {
  const directories = readdirSync(join(ROOT, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const described = [...page.matchAll(/^\*\*`(\w+)\/`\*\*/gm)].map(([, name]) => name);
  assert.deepEqual([...described].sort(), directories.sort());
});
