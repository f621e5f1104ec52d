import { containerName } from '../names.ts';
import type { Operation } from '../operation.ts';
import type { PodmanAbilities } from '../version.ts';
import type { Argument, Command } from './argument.ts';
import { runContainerArguments } from './container.ts';
import { createPodArguments } from './pod.ts';
import {
  createVolumeArguments,
  holdVolumeArguments,
  makeSubPathArguments,
  openVolumesArguments,
} from './volume.ts';

/**
 * The command that carries out an operation.
 * @param podman the podman that the user has chosen, for the few commands that name it once more inside
 */
export function commandOf(operation: Operation, can: PodmanAbilities, podman = 'podman'): Command {
  switch (operation.kind) {
    case 'pull-image':
      return command(['pull', operation.image]);
    case 'create-volume':
      return command(createVolumeArguments(operation, can));
    case 'open-volumes':
      return command(openVolumesArguments(operation));
    case 'hold-volume':
      return command(holdVolumeArguments(operation, podman));
    case 'make-host-path':
      return operation.what === 'directory'
        ? { program: 'mkdir', args: ['-p', '-m', '0755', operation.path] }
        : { program: 'touch', args: [operation.path] };
    case 'make-sub-path':
      return command(makeSubPathArguments(operation));
    case 'create-pod':
      return command(createPodArguments(operation));
    case 'run-container':
      return command(runContainerArguments(operation));
    case 'start-container':
      return command(['start', containerName({ name: operation.pod }, { name: operation.container })]);
    case 'unpause-container':
      return command(['unpause', containerName({ name: operation.pod }, { name: operation.container })]);
    case 'stop-pod':
      return command(['pod', 'stop', '--time', operation.graceSeconds.toString(), operation.pod]);
    case 'remove-pod':
      return command(['pod', 'rm', '--force', '--time', operation.graceSeconds.toString(), operation.pod]);
    case 'remove-containers':
      return command(['rm', '--force', '--time', operation.graceSeconds.toString(), ...operation.containers]);
    case 'remove-volumes':
      return command(['volume', 'rm', ...operation.volumes]);
  }
}

function command(args: readonly Argument[]): Command {
  return { program: 'podman', args };
}
