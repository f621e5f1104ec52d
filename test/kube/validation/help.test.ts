import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mean, podWith, type Fields } from '../manifest.ts';

/** The help of the only finding. */
function helpOf(spec: Fields, metadata: Fields = {}): string | undefined {
  const [found, ...others] = mean(podWith(spec, metadata)).diagnostics;
  assert.deepEqual(others, []);
  assert.notEqual(found, undefined);
  return found?.help;
}

const HELPS: readonly (readonly [name: string, spec: Fields, metadata: Fields, help: string | undefined])[] =
  [
    [
      'a hostname with dots',
      { hostname: 'nas.home.lan' },
      {},
      "For a name with dots, write 'hostnameOverride: nas.home.lan' instead.",
    ],
    ['a hostname that no field takes', { hostname: 'Nas.home_lan' }, {}, undefined],
    [
      'a label with spaces',
      {},
      { labels: { app: ' my (nice) app' } },
      "Write 'my-nice-app', or write the text into metadata.annotations.",
    ],
    [
      'a key with spaces',
      {},
      { labels: { 'my app': 'a' } },
      "Write 'my-app', or write the text into metadata.annotations.",
    ],
    ['a label of other characters', {}, { labels: { app: '(' } }, undefined],
  ];

for (const [name, spec, metadata, help] of HELPS)
  test(`help: ${name}`, () => {
    assert.equal(helpOf(spec, metadata), help);
  });
