import type { ClientRequest } from 'node:http';
import type { Attachment } from '../service.ts';
import { API } from './api-request.ts';

/** The time limit until the response has begun. */
const BEGIN_MILLISECONDS = 10_000;

/**
 * Follows a response of the service that does not end, line by line. Resolves when it has begun.
 * @param underWay contains the request until the response has ended
 */
export async function follow(
  socketPath: string,
  path: string,
  onLine: (line: string) => void,
  underWay: Set<ClientRequest>,
): Promise<Attachment> {
  const { request } = await import('node:http');
  return new Promise<Attachment>((resolve, reject) => {
    const asking = request({ socketPath, path: API + path, agent: false }, (response) => {
      asking.setTimeout(0);
      if (response.statusCode !== 200) {
        response.resume();
        reject(new Error(`status ${response.statusCode ?? 0}`));
        return;
      }
      let rest = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        lines.forEach(onLine);
      });
      const ended = new Promise<void>((end) => {
        response.once('close', end);
      });
      resolve({ ended, release: () => asking.destroy() });
    });
    underWay.add(asking);
    asking.once('close', () => underWay.delete(asking));
    asking.once('error', reject);
    asking.setTimeout(BEGIN_MILLISECONDS, () => {
      asking.destroy(new Error("podman's service did not answer in time"));
    });
    asking.end();
  });
}
