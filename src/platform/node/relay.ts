import { spawn } from 'node:child_process';
import { lookup } from 'node:dns';
import { isIP } from 'node:net';
import { dirname, join } from 'node:path';
import { Duplex, type Readable, type Writable } from 'node:stream';
import type { NetworkAddress, RemoteNetwork } from '../network.ts';
import { lazyNetwork } from './lazy-network.ts';
import { encodeFrame, frameReader, type Frame } from './relay-frames.ts';

/** perl takes a sixth of node's memory. $1: the relay for perl; $2 and $3: node, and the relay for it. */
const RUN_RELAY =
  'if perl -MSocket -MErrno -MFcntl -e 1 2>/dev/null; then exec perl "$1"; else exec "$2" "$3"; fi';

/** The command of the relay. */
export function relayCommand(parts: string): readonly string[] {
  const relays = [join(parts, 'relay.pl'), process.execPath, join(parts, 'relay.js')];
  return ['sh', '-c', RUN_RELAY, 'sh', ...relays];
}

/**
 * Opens a network in another process, the relay, which the command starts: it gets the relay's command as its last
 * arguments. The relay reads descriptor 3 and writes standard output. The command may end before it: node would then close
 * what it has as standard input.
 */
export function openRelay(
  program: string,
  args: readonly string[],
  relay: readonly string[] = relayCommand(join(dirname(process.argv[1] ?? ''), 'parts')),
): RemoteNetwork {
  const child = spawn(program, [...args, ...relay], {
    cwd: '/',
    env: process.env,
    stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
    detached: true,
  });
  const [, output, , input] = child.stdio;
  if (output === null || !isWritable(input)) throw new Error('no pipes');
  const connections = new Map<number, Connection>();
  let [isOpen, isClosing] = [true, false];
  let lastId = 0;
  // What has begun counts before its connection is opened: the code for it is loaded first.
  let uses = 0;
  const end = () => {
    isOpen = false;
    for (const { duplex } of connections.values()) duplex.destroy(relayEnded());
    connections.clear();
  };
  const send = (frame: Frame, done: (error?: Error | null) => void = () => undefined) => {
    if (isOpen) input.write(encodeFrame(frame), done);
    else done(relayEnded());
  };
  const endIfUnused = () => {
    if (isClosing && uses === 0) input.end();
  };
  const use = async <T>(work: Promise<T>): Promise<T> => {
    uses++;
    try {
      return await work;
    } finally {
      uses--;
      endIfUnused();
    }
  };
  child.once('error', end);
  input.on('error', end);
  const read = frameReader((frame) => connections.get(frame.id)?.onFrame(frame));
  output.on('data', read).once('close', end);
  // It does not keep podpose alive.
  child.unref();
  const network = lazyNetwork((address) => {
    const id = ++lastId;
    const connection = relayedConnection(address, id, send, () => connections.delete(id));
    connections.set(id, connection);
    return connection.duplex;
  });
  return {
    network: {
      connect: (address, limit) => use(network.connect(address, limit)),
      get: (request, limit) => use(network.get(request, limit)),
      callGrpc: (request, limit) => use(network.callGrpc(request, limit)),
    },
    isOpen: () => isOpen,
    close: () => {
      input.end();
    },
    closeWhenUnused: () => {
      isClosing = true;
      endIfUnused();
    },
  };
}

function relayEnded(): Error {
  return new Error('the process in the network of the pods has ended');
}

interface Connection {
  readonly duplex: Duplex;
  readonly onFrame: (frame: Frame) => void;
}

type Send = (frame: Frame, done?: (error?: Error | null) => void) => void;

/** A connection of the relay as a stream, with the event `connect` of a socket. */
function relayedConnection(
  { host, port }: NetworkAddress,
  id: number,
  send: Send,
  onClosed: () => void,
): Connection {
  const duplex = new Duplex({
    construct: (done) => {
      void addressOf(host).then((ip) => {
        if (typeof ip === 'string') send({ id, kind: 'o', payload: Buffer.from(`${ip} ${port}`) });
        done(typeof ip === 'string' ? null : ip);
      });
    },
    read: () => undefined,
    write: (chunk: Buffer, _, done) => {
      send({ id, kind: 'd', payload: chunk }, done);
    },
    destroy: (error, done) => {
      send({ id, kind: 'x', payload: new Uint8Array() });
      onClosed();
      done(error);
    },
  });
  const onFrame = ({ kind, payload }: Frame) => {
    if (kind === 'c') duplex.emit('connect');
    // Whoever reads too little of it ends the connection at its limit.
    if (kind === 'd') duplex.push(payload);
    if (kind === 'e') duplex.push(null);
    if (kind === 'f') duplex.destroy(namedError(Buffer.from(payload).toString()));
  };
  return { duplex, onFrame };
}

/** A kubelet resolves host names as its node does. */
async function addressOf(host: string): Promise<string | Error> {
  return isIP(host) === 0 ? resolved(host) : host;
}

function resolved(host: string): Promise<string | Error> {
  return new Promise((resolve) => {
    lookup(host, (error, address) => {
      resolve(error ?? address);
    });
  });
}

function namedError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

function isWritable(stream: Readable | Writable | null | undefined): stream is Writable {
  return stream !== null && stream !== undefined && 'write' in stream;
}
