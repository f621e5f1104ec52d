import assert from 'node:assert/strict';
import { test } from 'node:test';
import { secretKeeper } from '../../src/kube/config/secret-keeper.ts';

function redacted(text: string, ...values: readonly string[]): string {
  const keeper = secretKeeper(() => 'key');
  for (const value of values) keeper.keep(new TextEncoder().encode(value));
  return keeper.redact(text);
}

test('a secret value is redacted in foreign text, in every encoding', () => {
  const value = 'hunter2 "and" more';
  for (const form of [value, JSON.stringify(value), btoa(value), encodeURIComponent(value)])
    assert.doesNotMatch(redacted(`invalid value ${form}: no`, value), /hunter2|aHVudGVy/);
  assert.equal(redacted('T=hunter2\n!', 'hunter2\n'), 'T=***\n!');
  assert.doesNotMatch(redacted("Received 'T=hunter2-long\\x00XYZ'", 'hunter2-long\0XYZ'), /hunter2/);
});

test('the lines of a multi-line value are redacted', () => {
  assert.equal(redacted('bad line: secret-line-two', 'first\nsecret-line-two\n'), 'bad line: ***');
});

test('the longer of two values is redacted first', () => {
  assert.equal(redacted('password-2', 'password', 'password-2'), '***');
});

test('a short value is redacted only as a whole word, or not at all', () => {
  assert.equal(redacted('abc: the abcde', 'abc'), '***: the abcde');
  assert.equal(redacted('exit code 1 of a+b', '1', 'a', '', '.*'), 'exit code 1 of a+b');
});
