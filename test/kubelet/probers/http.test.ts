import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { HttpGetAction } from '../../../src/kube/spec/probe.ts';
import { httpRequest, requestTarget } from '../../../src/kubelet/probers/http-request.ts';
import type { ProbeResult } from '../../../src/kubelet/probe-worker.ts';
import { closedPort, listen, onEachNetwork, probeOnce } from './support.ts';

function action(port: number, more: Partial<HttpGetAction> = {}): HttpGetAction {
  return { port, path: '/', scheme: 'HTTP', httpHeaders: [], ...more };
}

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

async function serve(t: TestContext, handle: Handle): Promise<number> {
  return listen(t, createServer(handle));
}

async function probe(get: HttpGetAction, timeoutSeconds?: number): Promise<ProbeResult> {
  return probeOnce({ httpGet: get }, timeoutSeconds);
}

onEachNetwork('the status decides', async (t) => {
  const port = await serve(t, ({ url = '' }, response) => {
    response.writeHead(Number(url.slice(1))).end('body');
  });
  const outcomes: readonly (readonly [status: number, result: ProbeResult])[] = [
    [200, { outcome: 'success', message: '200' }],
    [204, { outcome: 'success', message: '204' }],
    [304, { outcome: 'warning', message: '304, a redirect that leads nowhere' }],
    [302, { outcome: 'warning', message: '302, a redirect that leads nowhere' }],
    [399, { outcome: 'warning', message: '399, a redirect that leads nowhere' }],
    [400, { outcome: 'failure', message: '400' }],
    [503, { outcome: 'failure', message: '503' }],
  ];
  for (const [status, result] of outcomes)
    assert.deepEqual(await probe(action(port, { path: `/${status}` })), result);
});

onEachNetwork('101 is no success', async (t) => {
  const server = createServer();
  server.on('upgrade', (_, socket) => {
    socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
  });
  server.on('request', (_, response) => {
    response.socket?.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
  });
  const port = await listen(t, server);
  assert.deepEqual(await probe(action(port)), { outcome: 'failure', message: '101' });
});

onEachNetwork('redirects to the same host are followed, to another host not', async (t) => {
  const seen: string[] = [];
  const port = await serve(t, ({ url = '', headers }, response) => {
    seen.push(`${url} ${headers.host ?? ''}`);
    const [, kind = '', value = ''] = /^\/(\w+)\/?(.*)/.exec(url) ?? [];
    if (kind === 'left') {
      response.writeHead(302, { Location: value === '0' ? '/200' : `/left/${Number(value) - 1}` }).end();
    } else if (kind === 'to') response.writeHead(307, { Location: decodeURIComponent(value) }).end();
    else response.writeHead(Number(kind)).end();
  });
  const to = (location: string) => action(port, { path: `/to/${encodeURIComponent(location)}` });

  assert.deepEqual(await probe(to('/200')), { outcome: 'success', message: '200' });
  assert.deepEqual(await probe(to('200')), { outcome: 'failure', message: 'more than 10 redirects' });
  assert.deepEqual(await probe(to('/503')), { outcome: 'failure', message: '503' });
  assert.deepEqual(await probe(to(`http://127.0.0.1:${port}/200`)), { outcome: 'success', message: '200' });
  assert.deepEqual(await probe(to('http://elsewhere.test/')), {
    outcome: 'warning',
    message: '307, redirect to elsewhere.test not followed',
  });
  assert.equal((await probe(to('ftp://127.0.0.1/'))).outcome, 'failure');
  assert.equal((await probe(to('http://[/'))).outcome, 'failure');
  assert.equal((await probe(action(port, { path: '/left/8' }))).outcome, 'success');
  assert.equal((await probe(action(port, { path: '/left/9' }))).outcome, 'failure');

  const named = { httpHeaders: [{ name: 'Host', value: 'shop.test' }] };
  seen.length = 0;
  await probe({ ...to('/200'), ...named });
  await probe({ ...to(`http://127.0.0.1:${port}/200`), ...named });
  assert.deepEqual(
    seen.map((line) => line.replace(/^\S+ /, '')),
    ['shop.test', 'shop.test', 'shop.test', `127.0.0.1:${port}`],
  );
});

onEachNetwork('the request is that of a kubelet', async (t) => {
  const port = await serve(t, ({ rawHeaders, url = '', method = '' }, response) => {
    const pairs = rawHeaders.flatMap((name, index) =>
      index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1] ?? ''}`] : [],
    );
    assert.deepEqual(pairs.sort(), expected.sort());
    assert.equal(`${method} ${url}`, 'GET /healthz?full=1');
    response.end();
  });
  let expected = [
    'Accept: */*',
    'Connection: close',
    `Host: 127.0.0.1:${port}`,
    'User-Agent: kube-probe/1.36',
  ];
  const get = action(port, { path: '/healthz?full=1' });
  assert.equal((await probe(get)).outcome, 'success');

  expected = ['X-Tag: a', 'X-Tag: b', 'Connection: close', 'Host: shop.test'];
  const httpHeaders = [
    { name: 'x-tag', value: 'a' },
    { name: 'X-Tag', value: 'b' },
    { name: 'Host', value: 'shop.test' },
    { name: 'Accept', value: '' },
    { name: 'user-agent', value: '' },
    { name: 'Content-Length', value: '5' },
  ];
  assert.equal((await probe({ ...get, httpHeaders })).outcome, 'success');
});

onEachNetwork('a header that HTTP does not allow is a failure', async (t) => {
  const port = await serve(t, (_, response) => response.end());
  assert.deepEqual(await probe(action(port, { httpHeaders: [{ name: 'X-Tag', value: 'a\nb' }] })), {
    outcome: 'failure',
    message: 'invalid character in a header',
  });
});

test('the IP of the pod is probed, or the host of the action', () => {
  const { scheme, host, port } = httpRequest(action(8080, { scheme: 'HTTPS' }), 'fd00::5', 'probe');
  assert.deepEqual({ scheme, host, port }, { scheme: 'https', host: 'fd00::5', port: 8080 });
  assert.equal(httpRequest(action(8080, { host: 'localhost' }), '10.89.0.2', 'probe').host, 'localhost');
});

test('the path is sent as Go sends it', () => {
  const targets: Readonly<Record<string, string>> = {
    '/': '/',
    '': '/',
    healthz: '/healthz',
    '/a b': '/a%20b',
    '/a%20b?x=1 2&y=ä': '/a%20b?x=1%202&y=%C3%A4',
    '/ä': '/%C3%A4',
    '/100%?a': '/100%25%3Fa',
    '/a#b?c': '/a',
    '?ready': '/?ready',
    'http://other:1/x?y': '/x?y',
    '//other/x': '/x',
    '//': '/',
    '/a;b=1,2/$(x)': '/a;b=1,2/$(x)',
  };
  for (const [path, target] of Object.entries(targets)) assert.equal(requestTarget(path), target, path);
});

onEachNetwork('HTTPS is not verified', async (t) => {
  const server = createTlsServer(selfSigned(t), (_, response) => response.writeHead(503).end());
  const port = await listen(t, server);
  assert.deepEqual(await probe(action(port, { scheme: 'HTTPS' })), { outcome: 'failure', message: '503' });

  const plain = await serve(t, (_, response) => response.end());
  assert.deepEqual(await probe(action(plain, { scheme: 'HTTPS' })), {
    outcome: 'failure',
    message: 'not a TLS server',
  });
  assert.equal((await probe(action(port))).outcome, 'failure');
});

function selfSigned(t: TestContext): { readonly key: Buffer; readonly cert: Buffer } {
  const directory = mkdtempSync(join(tmpdir(), 'probe-'));
  t.after(() => {
    rmSync(directory, { recursive: true });
  });
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  const words =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=other.test';
  execFileSync('openssl', [...words.split(' '), '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { key: readFileSync(key), cert: readFileSync(cert) };
}

onEachNetwork('nothing listens, or something that speaks no HTTP', async (t) => {
  assert.deepEqual(await probe(action(await closedPort())), {
    outcome: 'failure',
    message: 'connection refused',
  });
  const answers: readonly (readonly [text: string, message: string])[] = [
    ['SSH-2.0-OpenSSH_9.2\r\n', 'not an HTTP response'],
    ['', 'connection closed'],
    [`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(300_000)}\r\n\r\n`, 'response headers too large'],
  ];
  for (const [text, message] of answers) {
    const port = await listen(
      t,
      createTcpServer((socket) => socket.end(text)),
    );
    assert.deepEqual(await probe(action(port)), { outcome: 'failure', message });
  }
});

onEachNetwork('responses that a kubelet accepts, and those that it does not', async (t) => {
  const isReady: ProbeResult = { outcome: 'success', message: '200' };
  const isNotHttp: ProbeResult = { outcome: 'failure', message: 'not an HTTP response' };
  // As Go 1.26 treats them.
  const rows: readonly (readonly [response: string, result: ProbeResult])[] = [
    ['HTTP/1.1 200 OK\n\nok', isReady],
    ['HTTP/1.0 200\n\nok', isReady],
    ['HTTP/1.1 200 OK\nX-Tag: a\r\nContent-Length: 2\n\r\nok', isReady],
    ['HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\r\nok\r\n0\r\n\r\n', isReady],
    ['HTTP/1.1 503 Service Unavailable\n\nno', { outcome: 'failure', message: '503' }],
    [
      'HTTP/1.1 302 Found\nLocation: http://elsewhere.test/\n\n',
      {
        outcome: 'warning',
        message: '302, redirect to elsewhere.test not followed',
      },
    ],
    // Data after the end of the response.
    ['HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more', isReady],
    ['HTTP/1.1 200 OK\nContent-Length: 2\nConnection: close\n\nok and more', isReady],
    ['HTTP/1.1 204 No Content\r\n\r\nok', { outcome: 'success', message: '204' }],
    ['HTTP/1.1 200 OK\nX-Tag: a\u0001b\n\nok', isNotHttp],
    ['HTTP/1.1 200 OK\nX-Tag: a\u0000b\n\nok', isNotHttp],
    ['HTTP/1.1 200 OK\nX-Tag\n\nok', isNotHttp],
    ['<html></html>\n', isNotHttp],
    [
      `HTTP/1.1 200 OK\nX: ${'x'.repeat(300_000)}\n\n`,
      {
        outcome: 'failure',
        message: 'response headers too large',
      },
    ],
    [
      `HTTP/1.1 200 OK\n${'X: y\n'.repeat(200_000)}\n`,
      {
        outcome: 'failure',
        message: 'response headers too large',
      },
    ],
  ];
  for (const [response, result] of rows) {
    const port = await listen(
      t,
      createTcpServer((socket) => {
        socket.once('data', () => socket.end(response));
      }),
    );
    assert.deepEqual(await probe(action(port)), result, response.slice(0, 80));
  }
});

onEachNetwork('a server that answers nothing', async (t) => {
  const port = await listen(t, createTcpServer());
  assert.deepEqual(await probe(action(port), 0.05), {
    outcome: 'failure',
    message: 'no answer within 0.05 s',
  });
});

onEachNetwork('a redirect does not lengthen the timeout', async (t) => {
  const port = await serve(t, ({ url = '' }, response) => {
    if (url === '/') setTimeout(() => response.writeHead(302, { Location: '/slow' }).end(), 60);
  });
  const begun = performance.now();
  assert.equal((await probe(action(port), 0.1)).message, 'no answer within 0.1 s');
  assert.ok(performance.now() - begun < 2000);
});

onEachNetwork('of 100 MB the beginning is read', async (t) => {
  let sent = 0;
  const port = await serve(t, (_, response) => {
    const chunk = Buffer.alloc(64 * 1024);
    const fill = () => {
      while (sent < 100 * 2 ** 20 && !response.destroyed) {
        sent += chunk.length;
        if (!response.write(chunk)) {
          response.once('drain', fill);
          return;
        }
      }
    };
    fill();
  });
  assert.deepEqual(await probe(action(port)), { outcome: 'success', message: '200' });
  assert.ok(sent < 20 * 2 ** 20, `${sent} bytes`);
});

onEachNetwork('a body that comes byte by byte is no result, after three tries', async (t) => {
  let requests = 0;
  const port = await serve(t, (_, response) => {
    requests++;
    response.write('x');
    const timer = setInterval(() => response.write('x'), 20);
    response.on('close', () => {
      clearInterval(timer);
    });
  });
  // Of the time limit, nothing is for the start of the relay.
  const other = await serve(t, (_, response) => response.end());
  assert.equal((await probe(action(other))).outcome, 'success');
  assert.deepEqual(await probe(action(port), 0.2), {
    outcome: 'error',
    message: '200, then no answer within 0.2 s',
  });
  assert.equal(requests, 3);
});

onEachNetwork('a body that breaks off is no result', async (t) => {
  const port = await serve(t, (_, response) => {
    response.writeHead(503, { 'Content-Length': 100 }).write('x');
    setTimeout(() => response.destroy(), 5);
  });
  assert.deepEqual(await probe(action(port)), { outcome: 'error', message: '503, then connection closed' });
});

onEachNetwork('a cancelled probe ends at once', async (t) => {
  const port = await listen(t, createTcpServer());
  const cancel = new AbortController();
  const result = probeOnce({ httpGet: action(port) }, 60, cancel.signal);
  cancel.abort();
  assert.equal((await result).outcome, 'failure');
});
