import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { sendRequest } from '../../src/platform/node/api-request.ts';

const SILENT = { method: 'POST', path: '/images/pull', limitSeconds: 0.05, mayBeSilent: true } as const;

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
    setTimeout(() => response.end('e\n'), 400);
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
