import assert from 'node:assert/strict';
import { test } from 'node:test';
import { desiredPods } from '../../../src/kube/desired-pods.ts';
import { readManifests } from '../../../src/manifest/read-manifests.ts';
import { podWithContainer, show, type Fields } from '../manifest.ts';
import { CONTEXT } from '../../support/context.ts';

const wants = (key: string) =>
  podWithContainer({ env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'it', key } } }] });

/** What is said of a Secret, and of a variable that takes a key from it. */
function told(fields: Fields, key: string): readonly string[] {
  const secret = JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'it' }, ...fields });
  const set = readManifests([secret, wants(key)].map((text, index) => ({ file: `${index}.yaml`, text })));
  const { diagnostics } = desiredPods(set.documents, CONTEXT);
  return diagnostics.map((one) => `${show(one)}${one.help === undefined ? '' : ` ${one.help}`}`);
}

test('a key with bad base64 exists: only its value is invalid', () => {
  assert.deepEqual(told({ data: { password: '***' } }, 'password').length, 1);
});

test('beside a key that is missing, a key with bad base64 counts', () => {
  const data = { password: '***' };
  const [, missing = ''] = told({ data }, 'user');
  assert.match(missing, /has no key 'user' \[missing-key\] It has 'password'\.$/);
  assert.match(told({ data }, 'pasword')[1] ?? '', /did you mean 'password'\?/);
  assert.match(told({ data: { ...data, url: 'YQ==' } }, 'user')[1] ?? '', /It has 'password', 'url'\.$/);
});

test('an object with an invalid key is not described as empty', () => {
  const said = told({ data: { password: ['x'] } }, 'user').join('\n');
  assert.match(said, /has no key 'user'/);
  assert.doesNotMatch(said, /no keys/);
});

test('a Secret without keys', () => {
  assert.match(told({}, 'user')[0] ?? '', /It has no keys at all\.$/);
});
