import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { foreignOptionHelp } from '../../src/cli/parse/foreign-options.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/from-kube-play.md'), 'utf8');

test('docs/from-kube-play.md gives the answers of the command line', () => {
  const rows = [...page.matchAll(/^\| `(--[\w-]+)` +\| (.*?) +\|$/gm)].map(([, option = '', text = '']) => ({
    option,
    text,
  }));
  assert.ok(rows.length >= 25);
  for (const { option, text } of rows)
    if (option !== '--wait') assert.equal(text, foreignOptionHelp(option), option);
});
