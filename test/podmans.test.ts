import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path/posix';
import { test } from 'node:test';

const E2E = join(import.meta.dirname, 'e2e');

/** A file, the podmans that it runs on in CI, and why on more than one. scripts/test.sh reads the first two. */
const ROW = /^(?<file>[a-z-]+) +(?<podmans>[456](?: [456])*)(?: {2,}(?<why>\S.*))?$/;

const rows = readFileSync(join(E2E, 'podmans.txt'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

test('every file of scenarios has its podmans in test/e2e/podmans.txt', () => {
  const files = readdirSync(E2E).flatMap((name) => /^(.+)\.test\.ts$/.exec(name)?.[1] ?? []);
  assert.deepEqual(
    rows.map((row) => row.split(' ')[0]),
    files.sort(),
  );
});

for (const row of rows)
  test(`where it runs: ${row.split(' ')[0] ?? ''}`, () => {
    const { podmans = '', why } = ROW.exec(row)?.groups ?? {};
    const all = podmans.split(' ');
    assert.ok(podmans !== '', `no row of the table: ${row}`);
    assert.deepEqual(all, [...new Set(all)].sort(), 'each once, in order');
    assert.ok(all.length === 1 || why !== undefined, 'more than one has a reason');
  });
