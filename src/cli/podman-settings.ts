import { podmanEnvironment, serviceSeconds } from '../podman/client/environment.ts';
import type { Environment } from '../platform/environment.ts';
import type { CommandLine } from './parse/command-line.ts';
import type { CommandName } from './parse/options.ts';

export interface PodmanSettings {
  /** The program. */
  readonly podman: string;
  readonly env: Environment;
  /** For how many seconds it waits as a service; absent where it is run anew for each command. */
  readonly serviceSeconds?: number;
}

/** The verbs that ask podman for so much that a service is worth its start. */
const SERVED: readonly CommandName[] = ['plan', 'diff', 'up', 'down'];

/** Which podman is run, and how: as the command line says, and the environment. */
export function podmanSettings({ command, values }: CommandLine, env: Environment): PodmanSettings {
  const { podman, connection } = values;
  const environment = podmanEnvironment(env, typeof connection === 'string' ? connection : undefined);
  const seconds = SERVED.includes(command) ? serviceSeconds(environment) : undefined;
  return {
    podman: typeof podman === 'string' ? podman : (env['PODPOSE_PODMAN'] ?? 'podman'),
    env: environment,
    ...(seconds === undefined ? {} : { serviceSeconds: seconds }),
  };
}
