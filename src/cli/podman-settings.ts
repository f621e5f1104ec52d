import { defined } from '../base/defined.ts';
import { podmanEnvironment, serviceSeconds } from '../podman/client/environment.ts';
import type { Environment } from '../platform/environment.ts';
import type { CommandLine } from './parse/command-line.ts';
import type { CommandName } from './parse/options.ts';

export interface PodmanSettings {
  /** Name or path of the podman executable. */
  readonly podman: string;
  readonly env: Environment;
  /** Seconds for which an idle podman service stays. Absent: no service, each query is a command. */
  readonly serviceSeconds?: number;
}

/** Commands with enough queries to be worth starting a service. */
const SERVED: readonly CommandName[] = ['plan', 'diff', 'up', 'down'];

/** Podman executable and its environment, from the command line and environment variables. */
export function podmanSettings({ command, values }: CommandLine, env: Environment): PodmanSettings {
  const { podman, connection } = values;
  const environment = podmanEnvironment(env, typeof connection === 'string' ? connection : undefined);
  const seconds = SERVED.includes(command) ? serviceSeconds(environment) : undefined;
  return {
    podman: typeof podman === 'string' ? podman : (env['PODPOSE_PODMAN'] ?? 'podman'),
    env: environment,
    ...defined({ serviceSeconds: seconds }),
  };
}
