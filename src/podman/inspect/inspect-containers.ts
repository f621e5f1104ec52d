import { defined } from '../../base/defined.ts';
import { askList } from '../client/ask-list.ts';
import { parseLines } from './decode.ts';
import type { ObservedContainer } from './observed.ts';
import { startFailureOf } from './start-failure.ts';
import { succeeded } from '../../platform/process.ts';
import type { PodmanClient } from '../client/client.ts';

const FORMAT =
  '{"Id":"{{.Id}}","Restarts":{{.RestartCount}},"Error":{{json .State.Error}},"Config":{{json .OCIConfigPath}},"Hostname":{{json .HostnamePath}}}';

/**
 * Adds details that `podman ps` lacks, with one command for all containers, or none if nothing is missing: the number
 * of restarts (missing in podman 4.3), and whether a start has failed.
 */
export async function inspectContainers(
  podman: PodmanClient,
  containers: readonly ObservedContainer[],
): Promise<readonly ObservedContainer[]> {
  const ids = containers.filter(isIncomplete).map(({ id }) => id);
  if (ids.length === 0) return containers;
  // The command fails for a container that was removed in the meantime, but prints all others.
  const answer = await askList(
    podman,
    { args: ['container', 'inspect', '--format', FORMAT, ...ids] },
    tellsSomething,
  );
  const details = new Map(parseDetails(answer.stdout).map((detail) => [detail.id, detail]));
  return containers.map((container) => {
    const detail = details.get(container.id);
    if (detail === undefined) return container;
    const { restarts, startFailure } = detail;
    return { ...container, restarts, ...(neverRan(container) ? defined({ startFailure }) : {}) };
  });
}

function tellsSomething(answer: Parameters<typeof succeeded>[0] & { readonly stdout: string }): boolean {
  return succeeded(answer) || answer.stdout.trim() !== '';
}

/** A container that runs and has never ended was never restarted. */
function isIncomplete(container: ObservedContainer): boolean {
  const { state, restarts, startedAt, exitedAt } = container;
  const isFirstRun = state === 'running' && exitedAt === 0;
  return neverRan(container) || (restarts === undefined && startedAt > 0 && !isFirstRun);
}

function neverRan({ state, startedAt }: ObservedContainer): boolean {
  return state === 'created' && startedAt === 0;
}

interface Detail {
  readonly id: string;
  readonly restarts: number;
  readonly startFailure: string | undefined;
}

function parseDetails(lines: string): readonly Detail[] {
  return parseLines(lines).map(
    ({ Id: id, Restarts: restarts, Error: error, Config: configPath, Hostname: hostnamePath }) => ({
      id: typeof id === 'string' ? id : '',
      restarts: typeof restarts === 'number' ? restarts : 0,
      startFailure: startFailureOf({ error, configPath, hostnamePath }),
    }),
  );
}
