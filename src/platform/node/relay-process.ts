import { connect, type Socket } from 'node:net';
import { encodeFrame, frameReader, type Frame } from './relay-frames.ts';

/*
 * The relay of a machine without perl: does what relay.pl does. It ends with its standard input.
 */

const connections = new Map<number, Socket>();

process.stdin.on('data', frameReader(carryOut)).once('close', () => process.exit(0));
process.stdout.on('error', () => process.exit(0));

function carryOut({ id, kind, payload }: Frame): void {
  if (kind === 'o') open(id, Buffer.from(payload).toString());
  if (kind === 'd') connections.get(id)?.write(payload);
  if (kind !== 'x') return;
  connections.get(id)?.destroy();
  connections.delete(id);
}

function open(id: number, address: string): void {
  const [host = '', port = ''] = address.split(' ');
  const socket = connect({ host, port: Number(port), noDelay: true });
  connections.set(id, socket);
  const report = (kind: Frame['kind'], payload: Uint8Array = new Uint8Array()) => {
    if (connections.get(id) !== socket) return true;
    return process.stdout.write(encodeFrame({ id, kind, payload }));
  };
  socket.on('connect', () => report('c'));
  socket.on('data', (bytes) => {
    if (report('d', bytes)) return;
    socket.pause();
    process.stdout.once('drain', () => socket.resume());
  });
  socket.on('error', (error) => {
    report('f', Buffer.from('code' in error ? String(error.code) : error.message));
    connections.delete(id);
  });
  socket.on('end', () => {
    report('e');
    connections.delete(id);
  });
}
