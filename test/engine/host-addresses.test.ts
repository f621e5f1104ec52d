import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withHostAddresses } from '../../src/engine/host-addresses.ts';
import type { ObservedPod } from '../../src/podman/inspect/observed.ts';
import { testPlatform } from '../support/platform.ts';

const FIB_TRIE = `Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     +-- 127.0.0.0/8 2 0 2
        |-- 127.0.0.1
           /32 host LOCAL
     +-- 192.0.2.0/24 2 0 2
        |-- 192.0.2.0
           /24 link UNICAST
        |-- 192.0.2.7
           /32 host LOCAL
        |-- 192.0.2.255
           /32 link BROADCAST
Local:
        |-- 192.0.2.7
           /32 host LOCAL
        |-- 198.51.100.1
           /32 host LOCAL
`;

function pod(infra: ObservedPod['infra'], hostNetwork: boolean, addresses?: readonly string[]): ObservedPod {
  const labels = { 'podpose.format': '1', 'podpose.spec': JSON.stringify({ spec: { hostNetwork } }) };
  const known = addresses === undefined ? {} : { addresses };
  return { id: 'a', name: 'web', labels, infra, infraStartedAt: 1, ...known };
}

const OF_HOST = ['192.0.2.7', '198.51.100.1'];
const cases: readonly (readonly [
  string,
  ObservedPod,
  Readonly<Record<string, string>>,
  readonly string[] | undefined,
])[] = [
  ['a running pod on the network of the host', pod('running', true), {}, OF_HOST],
  ['a stopped one', pod('exited', true), {}, undefined],
  ['a pod with a network of its own', pod('running', false, ['10.89.0.2']), {}, ['10.89.0.2']],
  ['a pod without a known network', pod('running', false), {}, undefined],
  ['podman on another machine', pod('running', true), { CONTAINER_HOST: 'ssh://a/b' }, undefined],
];

for (const [what, given, env, addresses] of cases)
  test(`addresses of ${what}`, async () => {
    const platform = { ...testPlatform({ files: { '/proc/net/fib_trie': FIB_TRIE } }), env };
    const [found] = await withHostAddresses(platform, [given]);
    assert.deepEqual(found?.addresses, addresses);
  });

test('a machine without this table', async () => {
  const [found] = await withHostAddresses(testPlatform({}), [pod('running', true)]);
  assert.equal(found?.addresses, undefined);
});
