import type { Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { after, test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ProbeHandler, ProbeSettings } from '../../../src/kube/spec/probe.ts';
import { createProber, type ProberContext } from '../../../src/kubelet/probers/prober.ts';
import type { ProbeResult } from '../../../src/kubelet/probe-worker.ts';
import type { Clock } from '../../../src/platform/clock.ts';
import type { Network, RemoteNetwork } from '../../../src/platform/network.ts';
import { nodeNetwork } from '../../../src/platform/node/network.ts';
import { openRelay } from '../../../src/platform/node/relay.ts';

export const realClock: Clock = {
  now: () => performance.now(),
  sleep: (milliseconds, signal) => wait(milliseconds, undefined, { signal }).catch(() => undefined),
};

export const context: ProberContext = {
  clock: realClock,
  network: nodeNetwork,
  exec: () => Promise.resolve({ kind: 'failed', message: 'no container' }),
};

const SETTINGS: ProbeSettings = {
  initialDelaySeconds: 0,
  periodSeconds: 10,
  timeoutSeconds: 5,
  successThreshold: 1,
  failureThreshold: 3,
};

const TSX = import.meta.resolve('tsx');
const NODE_DIRECTORY = fileURLToPath(new URL('../../../src/platform/node', import.meta.url));

/** Connections of this process, and of a relay, which is a process in another network namespace for real probes. */
const NETWORKS = {
  node: () => nodeNetwork,
  perl: relayed(['perl', `${NODE_DIRECTORY}/relay.pl`]),
  'a relay of node': relayed([process.execPath, '--import', TSX, `${NODE_DIRECTORY}/relay-process.ts`]),
};

function relayed(relay: readonly string[]): () => Network {
  let opened: RemoteNetwork | undefined;
  after(() => {
    opened?.close();
  });
  return () => {
    opened ??= openRelay('sh', ['-c', '"$@" <&3 3<&- &', 'sh'], relay);
    return opened.network;
  };
}

let network: Network = nodeNetwork;

/** A test that is run over each kind of network. */
export function onEachNetwork(name: string, run: (t: TestContext) => Promise<void>): void {
  for (const [kind, open] of Object.entries(NETWORKS))
    test(`${name} (${kind})`, async (t) => {
      network = open();
      await run(t).finally(() => {
        network = nodeNetwork;
      });
    });
}

/** Probes 127.0.0.1 once. */
export async function probeOnce(
  handler: ProbeHandler,
  timeoutSeconds = 5,
  cancel: AbortSignal = new AbortController().signal,
): Promise<ProbeResult> {
  const probe = { ...SETTINGS, ...handler, timeoutSeconds };
  return createProber({ ...context, network })(probe, { container: 'web', podIP: '127.0.0.1' }, cancel);
}

/** Listens on 127.0.0.1 until the test has ended, and returns the port. */
export async function listen(t: TestContext, server: Server): Promise<number> {
  const sockets = new Set<{ destroy: () => void }>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A port at which nothing listens. */
export async function closedPort(): Promise<number> {
  const { createServer } = await import('node:net');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
