import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { once } from 'node:events';
import test from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { probePort } from '../../src/platform/node/probe-port.ts';

async function listening(t: test.TestContext) {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return { server, port: { address: '127.0.0.1', port: address.port, protocol: 'TCP' } as const };
}

void test('a port is in use as long as a program listens at it', async (t) => {
  const { server, port } = await listening(t);
  assert.equal(await probePort(port), 'in-use');
  server.close();
  await once(server, 'close');
  assert.equal(await probePort(port), 'free');
});

void test('a port that is held for a moment only, as by a probe of another podpose, is free', async (t) => {
  const { server, port } = await listening(t);
  const answer = probePort(port);
  await wait(20);
  server.close();
  assert.equal(await answer, 'free');
});
