import {
  podmanEnvironment,
  serviceSeconds,
  watcherServiceEnvironment,
} from '../podman/client/environment.ts';
import type { Environment } from '../platform/environment.ts';
import type { CommandLine } from './parse/command-line.ts';
import type { CommandName } from './parse/command-names.ts';

export interface PodmanSettings {
  /** Name or path of the podman executable. */
  readonly podman: string;
  readonly env: Environment;
  /** Absent: no service, each query is a command. */
  readonly service?: ServiceSettings;
}

export interface ServiceSettings {
  /** Seconds for which a service that this command starts stays when it is idle. */
  readonly seconds: number;
  /** Whether one is started if none runs. */
  readonly starts: boolean;
  /** The environments of the services that can be used, the best one first. That one is started. */
  readonly envs: readonly [Environment, ...Environment[]];
}

/** Commands with enough queries to be worth starting a service. */
const STARTING: readonly CommandName[] = ['plan', 'diff', 'up', 'scale', 'rollout', 'down', 'watch'];

/** Commands that use a service that runs, such as the one of an `up` before, or of the watcher. */
const REUSING: readonly CommandName[] = ['ps', 'get', 'describe', 'wait', 'start', 'stop', 'restart', 'run'];

/** Commands that only read can use the service of a watcher. It has the memory and the processor for little more. */
const READING: readonly CommandName[] = ['plan', 'diff', 'ps', 'get', 'describe', 'wait'];

/** Podman executable and its environment, from the command line and environment variables. */
export function podmanSettings({ command, values }: CommandLine, env: Environment): PodmanSettings {
  const { podman, connection } = values;
  const environment = podmanEnvironment(env, typeof connection === 'string' ? connection : undefined);
  const starts = STARTING.includes(command);
  const seconds = starts || REUSING.includes(command) ? serviceSeconds(environment) : undefined;
  return {
    podman: typeof podman === 'string' ? podman : (env['PODPOSE_PODMAN'] ?? 'podman'),
    env: environment,
    ...(seconds === undefined
      ? {}
      : { service: { seconds, starts, envs: serviceEnvironments(command, environment, env) } }),
  };
}

function serviceEnvironments(
  command: CommandName,
  env: Environment,
  given: Environment,
): readonly [Environment, ...Environment[]] {
  const ofWatcher = watcherServiceEnvironment(env, given);
  if (command === 'watch') return [ofWatcher];
  return READING.includes(command) ? [env, ofWatcher] : [env];
}
