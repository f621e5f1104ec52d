import { createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { PortAnswer, ProbedPort } from '../platform.ts';

/** Another podpose that probes the same port at this moment holds it for less than that. */
const PROBED_AGAIN_AFTER_MS = 100;

/** Listens for a moment. Node does not support SCTP; podman reports those conflicts itself. */
export async function probePort(port: ProbedPort): Promise<PortAnswer> {
  if (port.protocol === 'SCTP') return 'free';
  const answer = await bindPort(port);
  if (answer !== 'in-use') return answer;
  await setTimeout(PROBED_AGAIN_AFTER_MS);
  return bindPort(port);
}

async function bindPort({ address, port, protocol }: ProbedPort): Promise<PortAnswer> {
  const code = await (protocol === 'TCP' ? listenTcp(address, port) : bindUdp(address, port));
  switch (code) {
    case 'EADDRINUSE':
      return 'in-use';
    case 'EACCES':
      return 'not-permitted';
    case 'EADDRNOTAVAIL':
      return 'no-such-address';
    default:
      return 'free';
  }
}

async function listenTcp(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code);
    });
    server.listen({ host, port, exclusive: true }, () => {
      server.close(() => {
        resolve(undefined);
      });
    });
  });
}

async function bindUdp(address: string, port: number): Promise<string | undefined> {
  const { createSocket } = await import('node:dgram');
  return new Promise((resolve) => {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    socket.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code);
    });
    socket.bind({ address, port, exclusive: true }, () => {
      socket.close(() => {
        resolve(undefined);
      });
    });
  });
}
