import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { supportPage } from '../../scripts/support-page.ts';
import { supportRows } from '../../src/kube/support/support-table.ts';

const page = supportPage();

test('docs/support.md matches the support table', () => {
  const written = readFileSync(new URL('../../docs/support.md', import.meta.url), 'utf8');
  assert.ok(written === page, 'docs/support.md is stale: write it anew with npm run docs');
});

test('the page has every row', () => {
  for (const { field } of supportRows()) {
    const name = field.replace(/^spec\.initContainers\./, 'spec.containers.');
    const inItsArea = name.replace(
      /^spec\.(?:(?:containers\.)?securityContext|containers|volumes)\.|^spec\.|^metadata\./,
      '',
    );
    assert.ok(
      page.includes(`\`${name}\``) || page.includes(`\`${inItsArea}\``) || page.includes(`\`${field}\``),
      field,
    );
  }
});
