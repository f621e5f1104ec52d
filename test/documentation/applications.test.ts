import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isError } from '../../src/base/diagnostic.ts';
import { checkSources } from '../../src/engine/check-sources.ts';
import { testPlatform } from '../support/platform.ts';

/*
 * Applications in the shapes of those that everybody knows from tutorials, written for these tests, and what podpose makes
 * of each.
 */
const DIRECTORY = join(import.meta.dirname, '../support/applications');

/** The objects of the kinds that become pods, and those pods. */
const EXPECTED: Readonly<Record<string, { readonly workloads: readonly string[]; readonly pods: number }>> = {
  'book-review.yaml': { workloads: times(5, 'Deployment'), pods: 5 },
  'guestbook.yaml': { workloads: times(3, 'Deployment'), pods: 6 },
  kompose: { workloads: times(2, 'Deployment'), pods: 2 },
  'nginx.yaml': { workloads: ['Deployment'], pods: 3 },
  'online-boutique.yaml': { workloads: times(12, 'Deployment'), pods: 12 },
  redis: { workloads: ['StatefulSet'], pods: 3 },
  'voting.yaml': { workloads: times(5, 'Deployment'), pods: 5 },
  'wordpress.yaml': { workloads: times(2, 'Deployment'), pods: 2 },
};

function times(count: number, kind: string): readonly string[] {
  return Array.from({ length: count }, () => kind);
}

function check(name: string, target: 'local' | 'kubernetes') {
  const path = join(DIRECTORY, name);
  const files = statSync(path).isDirectory() ? readdirSync(path).map((file) => join(name, file)) : [name];
  const sources = files.sort().map((file) => ({ file, text: readFileSync(join(DIRECTORY, file), 'utf8') }));
  return checkSources(testPlatform({}), sources, { target });
}

test('every application is in the table', () => {
  assert.deepEqual(readdirSync(DIRECTORY).sort(), Object.keys(EXPECTED));
});

for (const [name, { workloads, pods }] of Object.entries(EXPECTED)) {
  test(`an API server accepts ${name}`, () => {
    assert.deepEqual(check(name, 'kubernetes').diagnostics.filter(isError), []);
  });

  test(`${name}: planned`, () => {
    const loaded = check(name, 'local');
    assert.deepEqual(loaded.diagnostics.filter(isError), []);
    const found = loaded.documents.map(({ kind }): string => kind).filter((kind) => workloads.includes(kind));
    assert.deepEqual(found, workloads);
    assert.equal(loaded.pods.length, pods);
  });
}
