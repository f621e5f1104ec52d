import { fstatSync, writeSync } from 'node:fs';
import type { WriteStream } from 'node:tty';
import type { Terminal } from '../platform.ts';

/** Standard output and standard error of this process. */
export interface StandardStreams {
  readonly stdout: Terminal;
  readonly stderr: Terminal;
  /** Whether all output has been written. */
  readonly isFlushed: () => boolean;
}

/** Receives the errors of writes. A failed write does not throw. */
export type WriteErrorHandler = (error: NodeJS.ErrnoException) => void;

/**
 * Output up to this number of bytes is written without a stream of node: it fits into an empty pipe, so that the process
 * does not wait for the reader.
 */
const DIRECT_BYTES = 32 * 1024;

/**
 * Opens node's streams only for a terminal and for long output: node 20 needs about 2 ms to create the stream of a pipe, as
 * it loads its network modules for it.
 */
export function standardStreams(handlers: {
  readonly stdout: WriteErrorHandler;
  readonly stderr: WriteErrorHandler;
}): StandardStreams {
  const stdout = standardStream(1, () => process.stdout, handlers.stdout);
  const stderr = standardStream(2, () => process.stderr, handlers.stderr);
  return {
    stdout: stdout.terminal,
    stderr: stderr.terminal,
    isFlushed: () => stdout.isFlushed() && stderr.isFlushed(),
  };
}

interface StandardStream {
  readonly terminal: Terminal;
  readonly isFlushed: () => boolean;
}

function standardStream(fd: number, open: () => WriteStream, onError: WriteErrorHandler): StandardStream {
  const type = typeOf(fd);
  let left = type === 'file' ? DIRECT_BYTES : 0;
  let opened: WriteStream | undefined;
  const stream = () => (opened ??= open().on('error', onError));
  /** The part of the bytes that a stream has to write. */
  const writeDirectly = (bytes: Uint8Array): Uint8Array => {
    if (opened !== undefined || bytes.length > left) return bytes;
    left -= bytes.length;
    return writeBytes(fd, bytes, onError);
  };
  return {
    terminal: {
      write: (text) => {
        const rest = writeDirectly(Buffer.from(text));
        if (rest.length > 0) stream().write(rest);
      },
      pour: (bytes) =>
        new Promise((resolve) => {
          const rest = writeDirectly(bytes);
          if (rest.length === 0) resolve();
          // A failed write is reported by the error event of the stream.
          else
            stream().write(rest, () => {
              resolve();
            });
        }),
      get isTTY() {
        // Absent if the stream is no terminal, whatever its type says.
        return type === 'device' && (stream().isTTY as boolean | undefined) === true;
      },
      get columns() {
        // Without a terminal, the usual width of logs.
        return type === 'device' && stream().columns > 0 ? stream().columns : 120;
      },
      get rows() {
        return type === 'device' && stream().rows > 0 ? stream().rows : 24;
      },
    },
    isFlushed: () => opened === undefined || opened.writableLength === 0,
  };
}

/** `file`: a file, a pipe or a socket, as which node opens pipes to its children. `device`: may be a terminal. */
function typeOf(fd: number): 'file' | 'device' | 'other' {
  try {
    const stats = fstatSync(fd);
    if (stats.isFile() || stats.isFIFO() || stats.isSocket()) return 'file';
    return stats.isCharacterDevice() ? 'device' : 'other';
  } catch {
    return 'other';
  }
}

/** Writes bytes at once. Returns those that a full pipe has not accepted; none after an error, which is reported. */
function writeBytes(fd: number, bytes: Uint8Array, onError: WriteErrorHandler): Uint8Array {
  let rest = bytes;
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(fd, rest));
    return rest;
  } catch (error) {
    const cause = error as NodeJS.ErrnoException;
    if (cause.code === 'EAGAIN') return rest;
    onError(cause);
    return new Uint8Array();
  }
}
