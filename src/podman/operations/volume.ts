import type { ClaimVolumeOptions, PodVolumeSource } from '../../kube/spec/desired-volume.ts';
import { isMounted } from '../../kube/storage/volume-annotations.ts';
import type { PodmanCapabilities } from '../inspect/version.ts';
import type { VolumeAdoption } from '../labels.ts';
import { adoptionRecordName } from '../../kube/storage/claim-volume.ts';
import { claimVolumeName, podVolumeName } from '../names.ts';
import { podmanWith, volumeDirectory, type Command } from './argument.ts';
import { withRequests } from './requests/requests.ts';
import { createVolumeChange, removeVolumeChange } from './requests/storage.ts';
import type { Definitions } from './definition.ts';
import { setVolumeOwnershipArguments, type GroupOwnership } from './group.ts';
import { adoptionLabels, claimLabels, labelFlags, ownerLabels } from './labels.ts';
import {
  claimSubject,
  isClaimSubject,
  nounFor,
  partsSubject,
  podSubject,
  volumeSubject,
} from './subjects.ts';
import { claimOptions, driverFlags, optionFlags, volumeOptions } from './volume-options.ts';

export type VolumeOperation =
  | CreateVolume
  | SetVolumeMode
  | CreateClaimVolume
  | AdoptClaimVolume
  | SetVolumeOwnership
  | MountVolume
  | RemoveVolumes;

/** A volume of one pod, which is removed with the pod. */
export interface CreateVolume {
  readonly kind: 'create-volume';
  readonly project: string;
  readonly pod: string;
  /** Name in the pod; podman's name has the pod's name as its prefix. */
  readonly volume: string;
  readonly source: PodVolumeSource;
  /** The group of the volume: the fsGroup of its pod. */
  readonly group?: number;
}

/**
 * Sets the mode of new volumes to that of a Kubernetes emptyDir, 0777, so that containers of any user can share them.
 * With a group, the mode is 02777: new files belong to the group, too.
 */
export interface SetVolumeMode {
  readonly kind: 'set-volume-mode';
  readonly pod: string;
  readonly volumes: readonly string[];
  readonly belongToGroup: boolean;
}

/**
 * A volume of a PersistentVolumeClaim, which belongs to a project and to no pod. One command creates it and sets its
 * permissions: an existing volume may have data and is never changed.
 */
export interface CreateClaimVolume {
  readonly kind: 'create-claim-volume';
  readonly project: string;
  readonly claimName: string;
  /** The group of the volume: the fsGroup of the first pod that mounts it. */
  readonly group?: number;
  readonly options?: ClaimVolumeOptions;
}

/** Records in a record volume that an existing volume belongs to the project, as the volume of a PersistentVolumeClaim. */
export interface AdoptClaimVolume extends VolumeAdoption {
  readonly kind: 'adopt-claim-volume';
  /** podman's name of the adopted volume. */
  readonly volume: string;
}

/**
 * Sets the group of existing PersistentVolumeClaim volumes, with their contents, to the fsGroup of a pod that will
 * mount them.
 */
export interface SetVolumeOwnership extends GroupOwnership {
  readonly kind: 'set-volume-ownership';
  readonly pod: string;
}

/**
 * Keeps an in-memory emptyDir mounted while its pod exists. When no running container uses a tmpfs volume, for example
 * between two init containers, podman unmounts it and its contents are lost.
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
    command: createVolumeCommand,
    describe: ({ pod, volume }) => `create ${volumeSubject(pod, volume)}`,
    words: ({ pod, volume }) => ({
      subject: volumeSubject(pod, volume),
      doing: 'creating',
      done: 'created',
      isInternal: true,
    }),
    target: ({ pod }) => ({ pod }),
  },
  'set-volume-mode': {
    publishedKind: 'open-volumes',
    command: setVolumeModeCommand,
    describe: ({ pod }) => `set the permissions of the volumes of ${podSubject(pod)}`,
    words: ({ pod, belongToGroup }) => ({
      subject: `${podSubject(pod)} volumes`,
      doing: 'setting permissions',
      done: `permissions set to ${modeOf(belongToGroup)}`,
      isInternal: true,
    }),
    target: ({ pod }) => ({ pod }),
  },
  'create-claim-volume': {
    command: createClaimVolumeCommand,
    describe: ({ claimName }) => `create ${claimSubject(claimName)}`,
    words: ({ claimName }) => ({
      subject: claimSubject(claimName),
      doing: 'creating',
      done: 'created',
      result: 'made',
    }),
    target: () => ({}),
  },
  'adopt-claim-volume': {
    command: (operation, capabilities) => {
      const [name, labels] = [adoptionRecordName(operation.volume), adoptionLabels(operation)];
      const args = ['volume', 'create', ...labelFlags(labels), name];
      return withRequests(podmanWith(args), capabilities, () => [
        [createVolumeChange(name, {}, labels, args)],
      ]);
    },
    describe: ({ claimName }) => `adopt ${claimSubject(claimName)}`,
    words: ({ claimName }) => ({ subject: claimSubject(claimName), doing: 'adopting', done: 'adopted' }),
    target: () => ({}),
  },
  'set-volume-ownership': {
    publishedKind: 'give-to-group',
    command: (operation) => podmanWith(setVolumeOwnershipArguments(operation)),
    describe: ({ pod, volumes }) =>
      `set the group of ${nounFor('volume', volumes)} to the fsGroup of ${podSubject(pod)}`,
    words: ({ pod }) => ({
      subject: `${podSubject(pod)} volumes`,
      doing: 'setting the group',
      done: 'group set to fsGroup',
      isInternal: true,
    }),
    target: ({ pod }) => ({ pod }),
  },
  'mount-volume': {
    publishedKind: 'hold-volume',
    command: (operation, _capabilities, podman) => podmanWith(mountVolumeArguments(operation, podman)),
    describe: ({ pod, volume }) => `mount ${volumeSubject(pod, volume)} in memory`,
    words: ({ pod, volume }) => ({
      subject: volumeSubject(pod, volume),
      doing: 'mounting in memory',
      done: 'mounted in memory',
      isInternal: true,
    }),
    target: ({ pod }) => ({ pod }),
  },
  'remove-volumes': {
    command: ({ volumes }, capabilities) =>
      withRequests(podmanWith(['volume', 'rm', ...volumes]), capabilities, () => [
        volumes.map(removeVolumeChange),
      ]),
    describe: ({ volumes }) => `remove ${nounFor('volume', volumes)}`,
    words: ({ volumes }, cause) => {
      // The record of an adopted volume has the same cause as the volume.
      const subject = isClaimSubject(cause)
        ? claimSubject(volumes.join(', '))
        : partsSubject('volumes', volumes, cause);
      const isClaim = isClaimSubject(cause) && subject === cause;
      return { subject, doing: 'removing', done: 'removed', ...(isClaim ? { result: 'removed' } : {}) };
    },
    target: () => ({}),
  },
};

/** `podman volume create`. The role label is the type of the volume. */
function createVolumeCommand(operation: CreateVolume, capabilities: PodmanCapabilities): Command {
  const { project, pod, source, volume } = operation;
  const name = podVolumeName({ name: pod }, { name: volume });
  const options = volumeOptions(operation, capabilities);
  const labels = ownerLabels(project, pod, source.type, volume);
  const args = ['volume', 'create', ...optionFlags(options), ...labelFlags(labels), name];
  return withRequests(podmanWith(args), capabilities, () => [
    [createVolumeChange(name, options, labels, args)],
  ]);
}

/**
 * New volumes belong to the user, who is root in podman's user namespace. Only inside of it is the user a member of the
 * group of a volume, without which the kernel removes the set-group-ID bit (chmod(2)).
 */
function setVolumeModeCommand({ pod, volumes, belongToGroup }: SetVolumeMode): Command {
  const mode = modeOf(belongToGroup);
  const directories = volumes.map((name) => volumeDirectory(podVolumeName({ name: pod }, { name })));
  return belongToGroup
    ? podmanWith(['unshare', 'chmod', mode, ...directories])
    : { program: 'chmod', args: [mode, ...directories] };
}

/**
 * `$0` is podman, `$1` the name of the volume. If its permissions cannot be set, the volume is removed again. Not by
 * request: if podpose was killed between the creation and the permissions, nothing would tell the next run that they are
 * missing. This command outlives podpose.
 */
const CREATE_AND_OPEN = [
  '"$0" volume create "$@" &&',
  '{ "$0" unshare chmod MODE "$("$0" volume inspect --format {{.Mountpoint}} "$1")" ||',
  '{ "$0" volume rm "$1"; exit 1; }; }',
].join(' ');

/**
 * Every user of every pod with the PersistentVolumeClaim can write to its volume, as with the provisioners of
 * single-machine clusters (mode 0777 in local-path and minikube): images that change their user rely on it. Volumes
 * start empty as there: by default, podman copies files of the first image into them.
 */
function createClaimVolumeCommand(
  { project, claimName, group, options = {} }: CreateClaimVolume,
  capabilities: PodmanCapabilities,
  podman: string,
): Command {
  const name = claimVolumeName({ claimName });
  const driverOptions = claimOptions(options, group, capabilities);
  const labels = claimLabels(project, claimName);
  const flags = [...driverFlags(options), ...optionFlags(driverOptions), ...labelFlags(labels)];
  const args = ['volume', 'create', ...flags, name];
  // What podman mounts has permissions of its own, and is mounted only while a container uses it.
  if (isMounted(options))
    return withRequests(podmanWith(args), capabilities, () => [
      [createVolumeChange(name, driverOptions, labels, args, options.driver)],
    ]);
  const script = CREATE_AND_OPEN.replace('MODE', modeOf(group !== undefined));
  return { program: 'sh', args: ['-c', script, podman, name, ...flags] };
}

/** @param podman the program, which runs again in its own user namespace */
function mountVolumeArguments(operation: MountVolume, podman: string): readonly string[] {
  const volume = podVolumeName({ name: operation.pod }, { name: operation.volume });
  return ['unshare', podman, 'volume', 'mount', volume];
}

function modeOf(belongsToGroup: boolean): string {
  return belongsToGroup ? '2777' : '0777';
}
