import { canServe, podmanEnvironment } from '../podman/environment.ts';
import type { CommandLine } from './command-line.ts';
import type { VerbName } from './options.ts';

export interface PodmanSettings {
  /** The program. */
  readonly podman: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether it is to be run as a service besides. */
  readonly served: boolean;
}

/** The verbs that ask podman for so much that a service is worth its start. */
const SERVED: readonly VerbName[] = ['plan', 'diff', 'up', 'down'];

/** Which podman is run, and how: as the command line says, and the environment. */
export function podmanSettings({ verb, values }: CommandLine, env: PodmanSettings['env']): PodmanSettings {
  const { podman, connection } = values;
  const environment = podmanEnvironment(env, typeof connection === 'string' ? connection : undefined);
  return {
    podman: typeof podman === 'string' ? podman : (env['PODPOSE_PODMAN'] ?? 'podman'),
    env: environment,
    served: SERVED.includes(verb) && canServe(environment),
  };
}
