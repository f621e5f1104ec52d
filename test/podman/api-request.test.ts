import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type ClientRequest, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { Worker } from 'node:worker_threads';
import { flushRequests, sendRequest } from '../../src/platform/node/api-request.ts';

const SILENT = { method: 'POST', path: '/images/pull', limitSeconds: 0.3, mayBeSilent: true } as const;

/** Sends a request that the service answers in two parts, with a silence of several limits between them. */
async function ask(t: TestContext, onPing: RequestListener) {
  const directory = mkdtempSync(join(tmpdir(), 'podpose-api-'));
  const socketPath = join(directory, 'service.sock');
  const server = createServer((request, response) => {
    if (request.url?.endsWith('/_ping') === true) {
      onPing(request, response);
      return;
    }
    response.writeHead(200, { 'libpod-api-version': '5.4.2' });
    response.write('on');
    setTimeout(() => response.end('e\n'), 1500);
  });
  await new Promise<void>((resolve) => {
    server.listen(socketPath, resolve);
  });
  t.after(() => {
    server.close();
    server.closeAllConnections();
    rmSync(directory, { recursive: true });
  });
  const parts: string[] = [];
  const response = await sendRequest(socketPath, SILENT, new Set(), undefined, (text) => parts.push(text));
  return { response, parts };
}

test('a service that is silent and answers pings is waited for', async (t) => {
  let pings = 0;
  const { response, parts } = await ask(t, (_request, answer) => {
    pings += 1;
    answer.end('OK');
  });
  assert.deepEqual(response, { status: 200, version: '5.4.2', body: 'one\n' });
  assert.deepEqual(parts, ['on', 'e\n']);
  assert.ok(pings > 1, `${pings} pings`);
});

test('a silent service that answers no ping is lost', async (t) => {
  await assert.rejects(
    ask(t, (request) => request.socket.destroy()),
    /did not answer in time/,
  );
});

/** Serves at a socket in a thread, which runs while this one computes. It counts the requests. */
const COUNTING = `
  const { parentPort, workerData: { socketPath, requests } } = require('node:worker_threads');
  require('node:http').createServer((request, response) => {
    Atomics.add(requests, 0, 1);
    Atomics.notify(requests, 0);
    response.writeHead(200, { 'libpod-api-version': '5.4.2' }).end('[]');
  }).listen(socketPath, () => parentPort.postMessage('listening'));
`;

test('flushed requests reach the service while node computes', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'podpose-api-'));
  const socketPath = join(directory, 'service.sock');
  const requests = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(COUNTING, { eval: true, workerData: { socketPath, requests } });
  t.after(async () => {
    await worker.terminate();
    rmSync(directory, { recursive: true });
  });
  await new Promise((resolve) => worker.once('message', resolve));
  const underWay = new Set<ClientRequest>();
  const answers = ['/containers/json', '/images/x/json'].map((path) =>
    sendRequest(socketPath, { method: 'GET', path }, underWay),
  );
  await flushRequests(underWay);
  // This thread waits without running its event loop, for 10 seconds at most.
  for (const expected of [0, 1]) Atomics.wait(requests, 0, expected, 10_000);
  assert.equal(Atomics.load(requests, 0), 2);
  const found = await Promise.all(answers);
  assert.deepEqual(
    found.map(({ body }) => body),
    ['[]', '[]'],
  );
});
