import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { OnLine, Stream } from '../process.ts';
import type { Attachment, AttachMode } from '../service.ts';
import { API } from './api-request.ts';

/** The time limit until podman has attached. */
const ATTACH_MILLISECONDS = 120_000;

/**
 * Attaches to the output of a container, which may not have started yet. Resolves when podman has attached: no output is
 * missed if the container starts afterwards. Undefined if podman refuses.
 * @param underWay contains the request until the output has ended
 */
export async function attach(
  socketPath: string,
  container: string,
  { isTerminal, readsInput }: AttachMode,
  onLine: OnLine,
  underWay: Set<ClientRequest>,
): Promise<Attachment | undefined> {
  const { request } = await import('node:http');
  const streams = `stdout=true&stderr=true&stdin=${readsInput.toString()}`;
  const path = `${API}/containers/${encodeURIComponent(container)}/attach?stream=true&${streams}`;
  const headers = { connection: 'Upgrade', upgrade: 'tcp' };
  const output = isTerminal ? lineReader('stdout', onLine) : frameReader(onLine);
  return new Promise<Attachment | undefined>((resolve, reject) => {
    const asking = request({ socketPath, method: 'POST', path, headers, agent: false });
    underWay.add(asking);
    asking.once('upgrade', (_response: IncomingMessage, socket: Duplex, first: Buffer) => {
      asking.setTimeout(0);
      const ended = outputEnded(socket, first, output).finally(() => underWay.delete(asking));
      // Reported by whoever waits for it.
      ended.catch(() => undefined);
      // Ends the standard input of the container.
      if (readsInput) socket.end();
      resolve({ ended, release: () => socket.destroy() });
    });
    asking.once('response', (response) => {
      response.resume();
      underWay.delete(asking);
      resolve(undefined);
    });
    asking.once('error', reject);
    asking.setTimeout(ATTACH_MILLISECONDS, () => {
      asking.destroy(new Error("podman's service did not answer in time"));
    });
    asking.end();
  });
}

interface OutputReader {
  readonly read: (chunk: Buffer) => void;
  readonly end: () => void;
}

/** Resolves after the last line; rejects if the connection breaks. */
function outputEnded(socket: Duplex, first: Buffer, output: OutputReader): Promise<void> {
  output.read(first);
  return new Promise((resolve, reject) => {
    socket.on('data', output.read);
    socket.once('error', reject);
    socket.once('close', () => {
      reject(new Error('the connection was closed'));
    });
    socket.once('end', () => {
      output.end();
      resolve();
      socket.destroy();
    });
  });
}

const HEADER_BYTES = 8;

/**
 * Reads the frames of both streams: a byte for the stream, three zeros, the length in four bytes, the output.
 * https://docs.docker.com/reference/api/engine/ (Attach to a container, Stream format)
 */
export function frameReader(onLine: OnLine): OutputReader {
  const [stdout, stderr] = [lineReader('stdout', onLine), lineReader('stderr', onLine)];
  let rest: Buffer = Buffer.alloc(0);
  return {
    read: (chunk) => {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      while (rest.length >= HEADER_BYTES) {
        const end = HEADER_BYTES + rest.readUInt32BE(4);
        if (rest.length < end) return;
        (rest[0] === 2 ? stderr : stdout).read(rest.subarray(HEADER_BYTES, end));
        rest = rest.subarray(end);
      }
    },
    end: () => {
      stdout.end();
      stderr.end();
    },
  };
}

/** Passes on whole lines, without their line breaks. The last line may lack one. */
function lineReader(stream: Stream, onLine: OnLine): OutputReader {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return {
    read: (bytes: Buffer) => {
      const lines = (rest + decoder.write(bytes)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line.replace(/\r$/, ''), stream);
    },
    end: () => {
      const last = rest + decoder.end();
      if (last !== '') onLine(last, stream);
    },
  };
}
