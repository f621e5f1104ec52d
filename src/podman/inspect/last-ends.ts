import { succeeded } from '../../platform/process.ts';
import type { PodmanClient } from '../client/client.ts';
import { isObject } from '../../base/json-members.ts';
import { containerExitCode } from '../exit-code.ts';
import type { ObservedContainer } from './observed.ts';

/** A container, and the end of its last run in seconds since 1970. */
type RestartedContainer = Pick<ObservedContainer, 'id' | 'exitedAt'>;

/** Events of ends are at most so many seconds away from the time that podman keeps. */
const TOLERANCE_SECONDS = 2;

/**
 * The exit codes of the ends before the current runs, by container ID. podman drops the exit code of a container that
 * runs again, and keeps it in its events only. Unknown without events.
 */
export async function askLastExitCodes(
  podman: PodmanClient,
  containers: readonly RestartedContainer[],
): Promise<ReadonlyMap<string, number>> {
  const restarted = containers.filter(({ exitedAt }) => exitedAt > 0);
  if (restarted.length === 0) return new Map();
  const answer = await podman.query({
    args: [
      'events',
      '--stream=false',
      ...['--since', Math.floor(earliest(restarted) - TOLERANCE_SECONDS).toString()],
      ...['--filter', 'event=died'],
      ...restarted.flatMap(({ id }) => ['--filter', `container=${id}`]),
      ...['--format', '{{json .}}'],
    ],
  });
  if (!succeeded(answer)) return new Map();
  // In order: the last end of each container remains.
  return new Map(answer.stdout.split('\n').flatMap(decodeEnd));
}

function earliest(containers: readonly RestartedContainer[]): number {
  return Math.min(...containers.map(({ exitedAt }) => exitedAt));
}

function decodeEnd(line: string): readonly (readonly [string, number])[] {
  if (!line.startsWith('{')) return [];
  const event: unknown = JSON.parse(line);
  if (!isObject(event)) return [];
  const { ID: id, ContainerExitCode: exitCode } = event;
  // podman omits the exit code 0.
  return typeof id === 'string' ? [[id, containerExitCode(typeof exitCode === 'number' ? exitCode : 0)]] : [];
}
