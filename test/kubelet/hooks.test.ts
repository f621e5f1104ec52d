import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { test } from 'node:test';
import type { HttpGetAction } from '../../src/kube/spec/probe.ts';
import { runHook } from '../../src/kubelet/hooks.ts';
import { closedPort, context, listen } from './probers/support.ts';

const never = new AbortController().signal;
const target = { container: 'web', podIP: '127.0.0.1' };

function action(port: number, more: Partial<HttpGetAction> = {}): HttpGetAction {
  return { port, path: '/', scheme: 'HTTP', httpHeaders: [], ...more };
}

test('any response to an httpGet is a success', async (t) => {
  const agents: (string | undefined)[] = [];
  const port = await listen(
    t,
    createServer(({ url = '', headers }, response) => {
      agents.push(headers['user-agent']);
      const location = { Location: url === '/302' ? 'http://elsewhere.test/' : '/' };
      response.writeHead(url === '/' ? 200 : Number(url.slice(1)), location).end();
    }),
  );
  for (const path of ['/', '/500', '/302', '/301', '/404'])
    assert.deepEqual(
      await runHook({ httpGet: action(port, { path }) }, target, context, 5, never),
      { kind: 'succeeded' },
      path,
    );
  assert.equal(agents[0], 'kube-lifecycle/1.36');
});

test('no response is a failure', async () => {
  assert.deepEqual(await runHook({ httpGet: action(await closedPort()) }, target, context, Infinity, never), {
    kind: 'failed',
    message: 'connection refused',
  });
});

test('a server without TLS is asked without, and without credentials', async (t) => {
  const seen: unknown[] = [];
  const port = await listen(
    t,
    createServer(({ headers }, response) => {
      seen.push(headers.authorization, headers['x-tag']);
      response.end();
    }),
  );
  const httpHeaders = [
    { name: 'Authorization', value: 'Basic eA==' },
    { name: 'X-Tag', value: 'a' },
  ];
  const hook = { httpGet: action(port, { scheme: 'HTTPS', httpHeaders }) };
  assert.deepEqual(await runHook(hook, target, context, 5, never), { kind: 'succeeded' });
  assert.deepEqual(seen, [undefined, 'a']);
});

test('the time limit and a cancellation cut a hook off', async (t) => {
  const port = await listen(t, createTcpServer());
  const hooks = [{ httpGet: action(port) }, { sleep: { seconds: 60 } }] as const;
  for (const hook of hooks) {
    assert.deepEqual(await runHook(hook, target, context, 0.05, never), { kind: 'cut-off' });
    const cancel = new AbortController();
    const result = runHook(hook, target, context, Infinity, cancel.signal);
    cancel.abort();
    assert.deepEqual(await result, { kind: 'cut-off' });
  }
});

test('a sleep of 0 seconds ends at once, and others at their time', async () => {
  assert.deepEqual(await runHook({ sleep: { seconds: 0 } }, target, context, 5, never), {
    kind: 'succeeded',
  });
  assert.deepEqual(await runHook({ sleep: { seconds: 0.03 } }, target, context, 5, never), {
    kind: 'succeeded',
  });
});
