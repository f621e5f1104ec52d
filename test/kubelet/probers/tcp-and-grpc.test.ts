import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer as createHttp2Server, type ServerHttp2Stream } from 'node:http2';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import type { TestContext } from 'node:test';
import type { ProbeResult } from '../../../src/kubelet/probe-worker.ts';
import { closedPort, listen, onEachNetwork, probeOnce } from './support.ts';

onEachNetwork('a TCP port is open or not', async (t) => {
  const port = await listen(t, createServer());
  assert.deepEqual(await probeOnce({ tcpSocket: { port } }), { outcome: 'success', message: '' });
  assert.deepEqual(await probeOnce({ tcpSocket: { port, host: 'localhost' } }), {
    outcome: 'success',
    message: '',
  });
  assert.deepEqual(await probeOnce({ tcpSocket: { port: await closedPort() } }), {
    outcome: 'failure',
    message: 'connection refused',
  });
});

onEachNetwork('a TCP port is open if its server resets connections at once', async (t) => {
  // Another process, which may reset a connection before the prober has seen it open.
  const server = spawn('perl', ['-e', RESETTING], { stdio: ['ignore', 'pipe', 'ignore'] });
  t.after(() => server.kill());
  const port = await new Promise<number>((resolve) => {
    server.stdout.once('data', (line) => {
      resolve(Number(String(line)));
    });
  });
  for (let round = 0; round < 100; round++)
    assert.deepEqual(await probeOnce({ tcpSocket: { port } }), { outcome: 'success', message: '' });
});

/** Prints its port. Closing a socket that lingers for 0 s resets the connection. */
const RESETTING = `
  use Socket;
  socket my $server, AF_INET, SOCK_STREAM, 0;
  bind $server, pack_sockaddr_in 0, inet_aton '127.0.0.1';
  listen $server, 100;
  my ($port) = unpack_sockaddr_in getsockname $server;
  syswrite STDOUT, $port;
  while (accept my $connection, $server) {
    setsockopt $connection, SOL_SOCKET, SO_LINGER, pack 'ii', 1, 0;
    close $connection;
  }
`;

onEachNetwork('a TCP address without an answer fails at the timeout', async () => {
  const begun = performance.now();
  // TEST-NET-1 (RFC 5737) is routed nowhere; where there is no route at all, it fails at once.
  const { outcome } = await probeOnce({ tcpSocket: { port: 9, host: '192.0.2.1' } }, 0.1);
  assert.equal(outcome, 'failure');
  assert.ok(performance.now() - begun < 5000);
});

interface Call {
  readonly path: string;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, unknown>>;
}

type Answer = (call: Call, stream: ServerHttp2Stream) => void;

async function serve(t: TestContext, answer: Answer): Promise<number> {
  const server = createHttp2Server();
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      answer({ path: headers[':path'] ?? '', body: Buffer.concat(chunks), headers }, stream);
    });
  });
  return listen(t, server);
}

function respond(stream: ServerHttp2Stream, message: Buffer, status = 0, text = ''): void {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => {
    stream.sendTrailers({ 'grpc-status': status, ...(text === '' ? {} : { 'grpc-message': text }) });
  });
  stream.end(
    message.length === 0 ? undefined : Buffer.concat([Buffer.of(0, 0, 0, 0, message.length), message]),
  );
}

/** A status without a body: the trailers are the headers. */
function refuse(stream: ServerHttp2Stream, headers: Record<string, string | number>): void {
  stream.respond(headers, { endStream: true });
}

const GRPC = { ':status': 200, 'content-type': 'application/grpc' };

const rows: readonly (readonly [name: string, answer: Answer, result: ProbeResult])[] = [
  [
    'serving',
    (_, stream) => {
      respond(stream, Buffer.of(0x08, 1));
    },
    { outcome: 'success', message: 'SERVING' },
  ],
  [
    'not serving',
    (_, stream) => {
      respond(stream, Buffer.of(0x08, 2));
    },
    { outcome: 'failure', message: 'NOT_SERVING' },
  ],
  [
    'unknown service',
    (_, stream) => {
      respond(stream, Buffer.of(0x08, 3));
    },
    { outcome: 'failure', message: 'SERVICE_UNKNOWN' },
  ],
  [
    'no status',
    (_, stream) => {
      respond(stream, Buffer.of());
    },
    { outcome: 'failure', message: 'UNKNOWN' },
  ],
  [
    'a new status',
    (_, stream) => {
      respond(stream, Buffer.of(0x08, 0x85, 0x01));
    },
    { outcome: 'failure', message: '133' },
  ],
  [
    'an unknown field before it',
    (_, stream) => {
      respond(stream, Buffer.of(0x12, 1, 0x08, 0x08, 1));
    },
    { outcome: 'success', message: 'SERVING' },
  ],
  [
    'garbage',
    (_, stream) => {
      respond(stream, Buffer.of(0x0d, 1, 2, 3));
    },
    { outcome: 'failure', message: 'unreadable response' },
  ],
  [
    'no health service',
    (_, stream) => {
      refuse(stream, { ...GRPC, 'grpc-status': 12 });
    },
    { outcome: 'failure', message: 'the server has no grpc.health.v1.Health' },
  ],
  [
    'not found',
    (_, stream) => {
      refuse(stream, { ...GRPC, 'grpc-status': 5, 'grpc-message': 'no%20such%20service' });
    },
    { outcome: 'failure', message: 'gRPC status 5 no such service' },
  ],
  [
    'no gRPC',
    (_, stream) => {
      refuse(stream, { ':status': 404 });
    },
    { outcome: 'failure', message: 'the server has no grpc.health.v1.Health' },
  ],
  [
    'a bad gateway',
    (_, stream) => {
      refuse(stream, { ':status': 502 });
    },
    { outcome: 'failure', message: 'gRPC status 14 HTTP status 502' },
  ],
  [
    'too much',
    (_, stream) => {
      respond(stream, Buffer.alloc(20_000));
    },
    { outcome: 'failure', message: 'response too large' },
  ],
];

for (const [name, answer, result] of rows)
  onEachNetwork(`gRPC: ${name}`, async (t) => {
    const port = await serve(t, answer);
    assert.deepEqual(await probeOnce({ grpc: { port, service: '' } }), result);
  });

onEachNetwork('gRPC: the request is that of a kubelet', async (t) => {
  const calls: Call[] = [];
  const port = await serve(t, (call, stream) => {
    calls.push(call);
    respond(stream, Buffer.of(0x08, 1));
  });
  const long = 's'.repeat(200);
  for (const service of ['', 'orders', long]) await probeOnce({ grpc: { port, service } });
  assert.deepEqual(
    calls.map(({ body }) => body),
    [
      Buffer.of(0, 0, 0, 0, 0),
      Buffer.concat([Buffer.of(0, 0, 0, 0, 8, 0x0a, 6), Buffer.from('orders')]),
      Buffer.concat([Buffer.of(0, 0, 0, 0, 203, 0x0a, 0xc8, 1), Buffer.from(long)]),
    ],
  );
  const [first] = calls;
  assert.ok(first);
  const { path, headers } = first;
  assert.equal(path, '/grpc.health.v1.Health/Check');
  assert.equal(headers['user-agent'], 'kube-probe/1.36');
  assert.equal(headers['content-type'], 'application/grpc');
  assert.equal(headers['te'], 'trailers');
});

onEachNetwork('gRPC: no server, or another one', async (t) => {
  const probe = async (port: number, timeoutSeconds = 5) =>
    probeOnce({ grpc: { port, service: '' } }, timeoutSeconds);
  assert.deepEqual(await probe(await closedPort()), { outcome: 'failure', message: 'connection refused' });
  const http = await listen(
    t,
    createHttpServer((_, response) => response.end()),
  );
  const { outcome, message } = await probe(http);
  assert.equal(outcome, 'failure');
  // It answers with HTTP/1.1 and closes. What is written meanwhile resets the connection, and may do so before the answer
  // is read.
  assert.ok(['not an HTTP/2 server', 'connection closed'].includes(message), message);
  const silent = await listen(t, createServer());
  assert.deepEqual(await probe(silent, 0.05), { outcome: 'failure', message: 'no answer within 0.05 s' });
  const slow = await serve(t, () => undefined);
  assert.deepEqual(await probe(slow, 0.1), { outcome: 'failure', message: 'no answer within 0.1 s' });
  const closing = await listen(
    t,
    createServer((socket) => socket.end()),
  );
  assert.equal((await probe(closing)).outcome, 'failure');
});
