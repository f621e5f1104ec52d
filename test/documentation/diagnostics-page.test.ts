import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { diagnosticsPage } from '../../scripts/diagnostics-page.ts';
import { DIAGNOSTIC_CODES } from '../../src/base/diagnostic-code.ts';
import { DIAGNOSTICS, SECTIONS } from '../../src/view/diagnostics/reference/table.ts';

const ROOT = join(import.meta.dirname, '../..');
const UNION = 'src/base/diagnostic-code.ts';

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

const codes: readonly string[] = DIAGNOSTIC_CODES;

test('docs/diagnostics.md is up to date', () => {
  assert.ok(read('docs/diagnostics.md') === diagnosticsPage(), 'docs/diagnostics.md is stale: npm run docs');
});

test('the table has a row for each code of the union, once, and no other', () => {
  assert.ok(codes.length > 150);
  assert.deepEqual(Object.keys(DIAGNOSTICS).sort(), [...codes].sort());
  assert.deepEqual(SECTIONS.flatMap(([, rows]) => Object.keys(rows)).sort(), [...codes].sort());
});

test('each row says what the code means, when it occurs and what to do', () => {
  for (const [code, cells] of Object.entries(DIAGNOSTICS))
    for (const cell of cells) assert.match(cell, /^[^\n]{5,}$/, code);
});

test('no code of the union is unused', () => {
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .map((path) => join('src', path))
    .filter((path) => path.endsWith('.ts') && path !== UNION)
    .map(read)
    .join('\n');
  assert.deepEqual(
    codes.filter((code) => !sources.includes(`'${code}'`)),
    [],
  );
});

test('the union is sorted, so that two branches that add a code do not collide at its end', () => {
  assert.deepEqual(codes, [...codes].sort());
});
