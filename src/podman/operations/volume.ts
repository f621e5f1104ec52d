import { claimVolumeName, podVolumeName } from '../names.ts';
import type {
  CreateClaimVolume,
  CreateVolume,
  MountVolume,
  MakeTerminationLog,
  SetVolumeMode,
} from './operation.ts';
import type { PodmanCapabilities } from '../inspect/version.ts';
import { volumeDirectory, type Argument } from './argument.ts';
import { claimLabels, labelFlags, ownerLabels } from './labels.ts';

/** `podman volume create`: the role in its labels is the type of volume that it is for. */
export function createVolumeArguments(
  operation: CreateVolume,
  capabilities: PodmanCapabilities,
): readonly string[] {
  return [
    'volume',
    'create',
    ...volumeOptions(operation, capabilities),
    ...labelFlags(ownerLabels(operation.project, operation.pod, operation.source.type, operation.volume)),
    podVolumeName({ name: operation.pod }, { name: operation.volume }),
  ];
}

function volumeOptions({ source, group }: CreateVolume, capabilities: PodmanCapabilities): readonly string[] {
  switch (source.type) {
    case 'emptyDir':
      return source.medium === 'Memory'
        ? memoryOptions(source.sizeLimit, group, capabilities)
        : diskOptions(group);
    case 'ephemeral':
      return diskOptions(group);
    case 'configMap':
    case 'secret':
    case 'projected':
    case 'downwardAPI':
      return source.medium === 'Memory' ? memoryOptions(undefined, group, capabilities) : diskOptions(group);
  }
}

function memoryOptions(
  sizeLimit: number | undefined,
  group: number | undefined,
  capabilities: PodmanCapabilities,
): readonly string[] {
  const size = sizeLimit === undefined ? '' : `,${tmpfsLimit(sizeLimit, capabilities)}`;
  const owner = group === undefined ? 'mode=0777' : `mode=2777,gid=${group}`;
  return ['--opt', 'type=tmpfs', '--opt', 'device=tmpfs', '--opt', `o=${owner}${size}`];
}

const PAGE = 4096;

/** An old podman takes `size` for a disk quota and fails; the kernel takes a count of pages as well. */
function tmpfsLimit(bytes: number, capabilities: PodmanCapabilities): string {
  return capabilities.tmpfsSize ? `size=${bytes}` : `nr_blocks=${Math.ceil(bytes / PAGE)}`;
}

/** Naming the owner keeps podman from giving the volume to the user of the first container that mounts it. */
function diskOptions(group = 0): readonly string[] {
  return ['--opt', `o=uid=0,gid=${group}`];
}

/** Runs inside podman's user namespace, where the owner of the volumes is root. */
export function setVolumeModeArguments(operation: SetVolumeMode): readonly Argument[] {
  const directories = operation.volumes.map((name) =>
    volumeDirectory(podVolumeName({ name: operation.pod }, { name })),
  );
  return ['unshare', 'chmod', operation.belongToGroup ? '2777' : '0777', ...directories];
}

/** `$0` is podman, and `$1` the name of the volume. One that cannot be opened is not left as if it had been. */
const CREATE_AND_OPEN = [
  '"$0" volume create "$@" &&',
  '{ "$0" unshare chmod MODE "$("$0" volume inspect --format {{.Mountpoint}} "$1")" ||',
  '{ "$0" volume rm "$1"; exit 1; }; }',
].join(' ');

/**
 * Every user of every pod that names the claim may write to its volume: so the provisioners of clusters on one machine
 * make theirs (mode 0777 in local-path's and minikube's), and images that change their user run on them. Their
 * volumes start empty, too: podman would fill one with what the first image has at that place.
 */
export function createClaimVolumeArguments(operation: CreateClaimVolume, podman: string): readonly string[] {
  const { project, claimName, group } = operation;
  return [
    '-c',
    CREATE_AND_OPEN.replace('MODE', group === undefined ? '0777' : '2777'),
    podman,
    claimVolumeName({ claimName }),
    ...diskOptions(group),
    ...labelFlags(claimLabels(project, claimName)),
  ];
}

/** @param podman the program itself, which runs once more inside its own user namespace */
export function mountVolumeArguments(operation: MountVolume, podman: string): readonly string[] {
  const volume = podVolumeName({ name: operation.pod }, { name: operation.volume });
  return ['unshare', podman, 'volume', 'mount', volume];
}

export function makeTerminationLogArguments({ container, volume }: MakeTerminationLog): readonly Argument[] {
  const file = volumeDirectory(volume, `/${container}`);
  return ['unshare', 'sh', '-c', ': > "$1" && chmod 0666 "$1"', 'sh', file];
}
