import { containerName, replacementName } from '../names.ts';
import type { Operation, StartContainer } from './operation.ts';
import type { PodmanCapabilities } from '../inspect/version.ts';
import type { Argument, Command } from './argument.ts';
import {
  createContainerRecordArguments,
  createReplacementArguments,
  runContainerCommand,
  updateArguments,
} from './container.ts';
import { createFilesRecordArguments, finishFilesRecordArguments, writeFilesCommand } from './files.ts';
import { setVolumeOwnershipArguments } from './group.ts';
import { createPodArguments } from './pod.ts';
import { startInfraCommand } from './infra.ts';
import { pullCommand } from './pull.ts';
import { isRunningCall, renameCall } from './rename.ts';
import { createSecretCommand } from './secret.ts';
import { checkImageUserCommand } from './security.ts';
import { removePodCommand, stopContainersCommand } from './stop.ts';
import { closeSubPathsArguments, makeSubPathArguments } from './sub-path.ts';
import {
  createClaimVolumeArguments,
  createVolumeArguments,
  mountVolumeArguments,
  makeTerminationLogArguments,
  setVolumeModeArguments,
} from './volume.ts';
import { startInBackground } from './working-dir.ts';

/**
 * The command that carries out an operation.
 * @param podman the podman that the user has chosen, for the few commands that name it once more inside
 */
export function commandOf(
  operation: Operation,
  capabilities: PodmanCapabilities,
  podman = 'podman',
): Command {
  switch (operation.kind) {
    case 'pull-image':
      return pullCommand(operation, podman);
    case 'check-image-user':
      return checkImageUserCommand(operation);
    case 'create-volume':
      return command(createVolumeArguments(operation, capabilities));
    case 'set-volume-mode':
      return command(setVolumeModeArguments(operation));
    case 'create-claim-volume':
      return { program: 'sh', args: createClaimVolumeArguments(operation, podman) };
    case 'set-volume-ownership':
      return command(setVolumeOwnershipArguments(operation));
    case 'mount-volume':
      return command(mountVolumeArguments(operation, podman));
    case 'write-files':
      return writeFilesCommand(operation);
    case 'create-files-record':
      return command(createFilesRecordArguments(operation));
    case 'finish-files-record':
      return command(finishFilesRecordArguments(operation));
    case 'make-host-path':
      return operation.what === 'directory'
        ? { program: 'mkdir', args: ['-p', '-m', '0755', operation.path] }
        : { program: 'touch', args: [operation.path] };
    case 'make-termination-log':
      return command(makeTerminationLogArguments(operation));
    case 'make-sub-path':
      return command(makeSubPathArguments(operation, capabilities));
    case 'close-sub-paths':
      return command(closeSubPathsArguments(operation));
    case 'create-secret':
      return createSecretCommand(operation, podman);
    case 'create-pod':
      return command(createPodArguments(operation, capabilities));
    case 'start-infra':
      return startInfraCommand(operation, capabilities, podman);
    case 'run-container':
      return runContainerCommand(operation, capabilities, podman);
    case 'create-replacement':
      return command(createReplacementArguments(operation, capabilities, podman));
    case 'start-container':
      return startContainerCommand(operation, podman);
    case 'verify-running':
      // Of all commands the quickest that fails for a container that does not run.
      return {
        ...command(['top', nameOf(operation, true), 'pid']),
        api: isRunningCall(nameOf(operation, true)),
      };
    case 'update-container':
      return command(updateArguments(operation));
    case 'create-container-record':
      return command(createContainerRecordArguments(operation));
    case 'unpause-container':
      return command(['unpause', nameOf(operation, false)]);
    case 'stop-containers':
      return stopContainersCommand(operation, capabilities, podman);
    case 'rename-container':
      return {
        ...command(['rename', operation.from, nameOf(operation, false)]),
        api: renameCall(operation.from, nameOf(operation, false)),
      };
    case 'remove-pod':
      return removePodCommand(operation, capabilities, podman);
    case 'remove-containers':
      return command(['rm', '--force', '--time', operation.graceSeconds.toString(), ...operation.containers]);
    case 'remove-volumes':
      return command(['volume', 'rm', ...operation.volumes]);
    case 'remove-secrets':
      return command(['secret', 'rm', ...operation.secrets]);
  }
}

/**
 * Whether podman's version matters to an operation: where something is made, in words that differ or by a podman that
 * may never have worked for podpose, and where something is stopped.
 */
export function dependsOnVersion({ kind }: Operation): boolean {
  return DEPEND_ON_VERSION.has(kind);
}

const DEPEND_ON_VERSION: ReadonlySet<Operation['kind']> = new Set<Operation['kind']>([
  'pull-image',
  'create-volume',
  'make-sub-path',
  'create-pod',
  'start-infra',
  'run-container',
  'create-replacement',
  'stop-containers',
  'remove-pod',
]);
function startContainerCommand(operation: StartContainer, podman: string): Command {
  const name = nameOf(operation, operation.isReplacement);
  const { workingDir } = operation;
  return workingDir === undefined
    ? command(['start', name])
    : startInBackground(['start', name], { name, workingDir }, podman);
}

function nameOf(
  { pod, container }: { readonly pod: string; readonly container: string },
  isReplacement: boolean,
): string {
  return (isReplacement ? replacementName : containerName)({ name: pod }, { name: container });
}

function command(args: readonly Argument[]): Command {
  return { program: 'podman', args };
}
