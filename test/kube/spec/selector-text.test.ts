import assert from 'node:assert/strict';
import { test } from 'node:test';
import { selects } from '../../../src/kube/spec/label-selection.ts';
import { parseSelector } from '../../../src/kube/spec/selector-text.ts';

const LABELS = { app: 'web', 'example.test/tier': 'front', empty: '' };

const CASES: readonly (readonly [selector: string, isSelected: boolean])[] = [
  ['app=web', true],
  ['app==web', true],
  ['app = web', true],
  ['app=db', false],
  ['app!=db', true],
  ['app!=web', false],
  ['other!=x', true],
  ['app', true],
  ['other', false],
  ['!other', true],
  ['!app', false],
  ['empty=', true],
  ['app in (web, db)', true],
  ['app in (db)', false],
  ['app notin (db,log)', true],
  ['app notin (web)', false],
  ['other notin (web)', true],
  ['app=web,example.test/tier in (front,back),!other', true],
  ['app=web,example.test/tier=back', false],
];

for (const [selector, isSelected] of CASES)
  test(`-l '${selector}' ${isSelected ? 'selects' : 'does not select'} the pod`, () => {
    const parsed = parseSelector(selector);
    assert.ok(parsed.ok);
    assert.equal(selects(parsed.value, LABELS), isSelected);
  });

for (const selector of ['', 'app=(web', '=web', 'app in web', 'a b', 'app=web,', '-a=b'])
  test(`-l '${selector}' is invalid`, () => {
    assert.ok(!parseSelector(selector).ok);
  });
