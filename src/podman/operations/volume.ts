import type { PodVolumeSource } from '../../kube/spec/desired.ts';
import type { PodmanCapabilities } from '../inspect/version.ts';
import { claimVolumeName, podVolumeName } from '../names.ts';
import { podmanWith, volumeDirectory, type Argument } from './argument.ts';
import type { Definitions } from './definition.ts';
import { setVolumeOwnershipArguments, type GroupOwnership } from './group.ts';
import { claimLabels, labelFlags, ownerLabels } from './labels.ts';
import { claimSubject, isClaimSubject, partsSubject, podSubject, volumeSubject } from './subjects.ts';
import { diskOptions, volumeOptions } from './volume-options.ts';

export type VolumeOperation =
  CreateVolume | SetVolumeMode | CreateClaimVolume | SetVolumeOwnership | MountVolume | RemoveVolumes;

/** A volume that belongs to one pod and goes with it. */
export interface CreateVolume {
  readonly kind: 'create-volume';
  readonly project: string;
  readonly pod: string;
  /** Name in the pod; podman's name of it is made from both. */
  readonly volume: string;
  readonly source: PodVolumeSource;
  /** Whom the volume belongs to besides root: the fsGroup of its pod. */
  readonly group?: number;
}

/**
 * Gives new volumes the mode that Kubernetes gives an emptyDir, 0777, so that containers of any user can share them;
 * 02777 where they belong to a group, to which then all that is made in them belongs, too.
 */
export interface SetVolumeMode {
  readonly kind: 'set-volume-mode';
  readonly pod: string;
  readonly volumes: readonly string[];
  readonly belongToGroup: boolean;
}

/**
 * A volume that belongs to a claim of a project, and to no pod. It is made and opened to all users in one command: one
 * that is there may have data in it, and is never changed any more.
 */
export interface CreateClaimVolume {
  readonly kind: 'create-claim-volume';
  readonly project: string;
  readonly claimName: string;
  /** Whom the volume belongs to besides root: the fsGroup of the first pod that mounts it. */
  readonly group?: number;
}

/** Gives claims that are there, with all that is in them, to the fsGroup of a pod that is about to mount them. */
export interface SetVolumeOwnership extends GroupOwnership {
  readonly kind: 'set-volume-ownership';
  readonly pod: string;
}

/**
 * Keeps an emptyDir in memory mounted for as long as its pod exists. podman unmounts a tmpfs volume, and
 * all in it is lost, when no running container holds it: between two init containers, for one.
 */
export interface MountVolume {
  readonly kind: 'mount-volume';
  readonly pod: string;
  readonly volume: string;
}

export interface RemoveVolumes {
  readonly kind: 'remove-volumes';
  /** podman's names. */
  readonly volumes: readonly string[];
}

export const VOLUME_OPERATIONS: Definitions<VolumeOperation> = {
  'create-volume': {
    command: (operation, capabilities) => podmanWith(createVolumeArguments(operation, capabilities)),
    describe: ({ pod, volume }) => `create the volume ${volume} of pod ${pod}`,
    words: ({ pod, volume }) => ({
      subject: volumeSubject(pod, volume),
      doing: 'creating',
      done: 'created',
      isPlumbing: true,
    }),
    target: ({ pod }) => ({ pod }),
  },
  'set-volume-mode': {
    publishedKind: 'open-volumes',
    command: (operation) => podmanWith(setVolumeModeArguments(operation)),
    describe: ({ pod }) => `set the permissions of the volumes of pod ${pod}`,
    words: ({ pod, belongToGroup }) => ({
      subject: `${podSubject(pod)} volumes`,
      doing: 'setting permissions',
      done: `permissions set to ${modeOf(belongToGroup)}`,
      isPlumbing: true,
    }),
    target: ({ pod }) => ({ pod }),
  },
  'create-claim-volume': {
    command: (operation, _capabilities, podman) => ({
      program: 'sh',
      args: createClaimVolumeArguments(operation, podman),
    }),
    describe: ({ claimName }) => `create the volume of the claim ${claimName}`,
    words: ({ claimName }) => ({
      subject: claimSubject(claimName),
      doing: 'creating',
      done: 'created',
      result: 'made',
    }),
    target: () => ({}),
  },
  'set-volume-ownership': {
    publishedKind: 'give-to-group',
    command: (operation) => podmanWith(setVolumeOwnershipArguments(operation)),
    describe: ({ pod, volumes }) => `set the group of ${volumes.join(', ')} to the fsGroup of pod ${pod}`,
    words: ({ pod }) => ({
      subject: `${podSubject(pod)} volumes`,
      doing: 'setting the group',
      done: 'group set to fsGroup',
      isPlumbing: true,
    }),
    target: ({ pod }) => ({ pod }),
  },
  'mount-volume': {
    publishedKind: 'hold-volume',
    command: (operation, _capabilities, podman) => podmanWith(mountVolumeArguments(operation, podman)),
    describe: ({ pod, volume }) => `mount the volume ${volume} of pod ${pod}`,
    words: ({ pod, volume }) => ({
      subject: volumeSubject(pod, volume),
      doing: 'mounting',
      done: 'mounted',
      isPlumbing: true,
    }),
    target: ({ pod }) => ({ pod }),
  },
  'remove-volumes': {
    command: ({ volumes }) => podmanWith(['volume', 'rm', ...volumes]),
    describe: ({ volumes }) => `remove the volumes ${volumes.join(', ')}`,
    words: ({ volumes }, cause) => ({
      subject: partsSubject('volumes', volumes, cause),
      doing: 'removing',
      done: 'removed',
      ...(isClaimSubject(cause) ? { result: 'removed' } : {}),
    }),
    target: () => ({}),
  },
};

/** `podman volume create`: the role in its labels is the type of volume that it is for. */
function createVolumeArguments(operation: CreateVolume, capabilities: PodmanCapabilities): readonly string[] {
  return [
    'volume',
    'create',
    ...volumeOptions(operation, capabilities),
    ...labelFlags(ownerLabels(operation.project, operation.pod, operation.source.type, operation.volume)),
    podVolumeName({ name: operation.pod }, { name: operation.volume }),
  ];
}

/** Runs inside podman's user namespace, where the owner of the volumes is root. */
function setVolumeModeArguments(operation: SetVolumeMode): readonly Argument[] {
  const directories = operation.volumes.map((name) =>
    volumeDirectory(podVolumeName({ name: operation.pod }, { name })),
  );
  return ['unshare', 'chmod', modeOf(operation.belongToGroup), ...directories];
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
function createClaimVolumeArguments(operation: CreateClaimVolume, podman: string): readonly string[] {
  const { project, claimName, group } = operation;
  return [
    '-c',
    CREATE_AND_OPEN.replace('MODE', modeOf(group !== undefined)),
    podman,
    claimVolumeName({ claimName }),
    ...diskOptions(group),
    ...labelFlags(claimLabels(project, claimName)),
  ];
}

/** @param podman the program itself, which runs once more inside its own user namespace */
function mountVolumeArguments(operation: MountVolume, podman: string): readonly string[] {
  const volume = podVolumeName({ name: operation.pod }, { name: operation.volume });
  return ['unshare', podman, 'volume', 'mount', volume];
}

function modeOf(belongsToGroup: boolean): string {
  return belongsToGroup ? '2777' : '0777';
}
