import assert from 'node:assert/strict';
import test from 'node:test';
import { lookUpHosts } from '../../src/engine/look-up-hosts.ts';
import { watchHosts } from '../../src/engine/watch-hosts.ts';
import { testPlatform } from '../support/platform.ts';
import { calm, handClock } from '../support/scripted-runner.ts';

/** The address 192.0.2.2 is that of the machine. */
const FIB_TRIE = `  +-- 0.0.0.0/0 3 0 5
           |-- 127.0.0.1
              /32 host LOCAL
           |-- 192.0.2.2
              /32 host LOCAL
`;

void test('an address of this machine, and the names that podman gives it, stand for the machine', async () => {
  const platform = testPlatform({
    files: { '/proc/net/fib_trie': FIB_TRIE },
    hosts: {
      'db.example.com': ['192.0.2.10', '192.0.2.11'],
      desk: ['127.0.1.1', '192.0.2.2'],
      'both.example.com': ['192.0.2.2', '192.0.2.10'],
    },
  });
  const hosts = ['db.example.com', 'desk', 'both.example.com', 'host.docker.internal', 'nowhere.invalid'];
  assert.deepEqual(Object.fromEntries(await lookUpHosts(platform, hosts)), {
    'db.example.com': ['192.0.2.10', '192.0.2.11'],
    desk: ['machine'],
    'both.example.com': ['machine', '192.0.2.10'],
    'host.docker.internal': ['machine'],
    'nowhere.invalid': [],
  });
});

void test('a lookup that takes too long finds nothing', async () => {
  const clock = handClock();
  const platform = { ...testPlatform({ clock }), lookUpHost: () => new Promise<never>(() => undefined) };
  const answer = lookUpHosts(platform, ['slow.example.com']);
  await calm();
  await clock.advance(3000);
  assert.deepEqual([...(await answer)], [['slow.example.com', []]]);
});

void test('the watcher looks hosts up every 10 s, and keeps the last addresses that were found', async () => {
  const clock = handClock();
  let found: readonly string[] = [];
  let lookups = 0;
  let changes = 0;
  const hosts = watchHosts({
    platform: {
      ...testPlatform({ clock }),
      lookUpHost: () => {
        lookups++;
        return Promise.resolve(found);
      },
    },
    stop: new AbortController().signal,
    onChange: () => changes++,
  });
  const look = async (answer: readonly string[], milliseconds: number) => {
    found = answer;
    await clock.advance(milliseconds);
    hosts.follow(['db.example.com']);
    await calm();
    return [hosts.addressesOf('db.example.com'), lookups, changes];
  };
  assert.deepEqual(await look([], 0), [undefined, 1, 0]);
  assert.deepEqual(await look(['192.0.2.10'], 9000), [undefined, 1, 0]);
  assert.deepEqual(await look(['192.0.2.10'], 1000), [['192.0.2.10'], 2, 1]);
  assert.deepEqual(await look(['192.0.2.10'], 10_000), [['192.0.2.10'], 3, 1]);
  assert.deepEqual(await look(['192.0.2.11'], 10_000), [['192.0.2.11'], 4, 2]);
  assert.deepEqual(await look([], 10_000), [['192.0.2.11'], 5, 2]);
});
