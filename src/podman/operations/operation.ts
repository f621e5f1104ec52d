import type {
  DesiredContainer,
  DesiredMount,
  DesiredPod,
  DesiredSandbox,
  FilesSource,
  PodVolumeSource,
} from '../../kube/spec/desired.ts';
import type { DnsSettings } from '../../kube/spec/dns.ts';
import type { DirectoryOrigin } from '../inspect/volume-origin.ts';
import type { LimitedResource } from '../inspect/limits.ts';

/**
 * What podpose may ask of podman, as data. One operation is one command; everything is addressed by a name
 * that is known beforehand, so that the same commands can be read, compared and pasted into a shell.
 */
export type Operation =
  | PullImage
  | CheckImageUser
  | CreateVolume
  | SetVolumeMode
  | CreateClaimVolume
  | MountVolume
  | SetVolumeOwnership
  | WriteFiles
  | CreateFilesRecord
  | FinishFilesRecord
  | MakeHostPath
  | MakeSubPath
  | CloseSubPaths
  | MakeTerminationLog
  | CreateSecret
  | CreatePod
  | StartInfra
  | RunContainer
  | CreateReplacement
  | StartContainer
  | VerifyRunning
  | UnpauseContainer
  | UpdateContainer
  | CreateContainerRecord
  | StopContainers
  | RenameContainer
  | RemovePod
  | RemoveContainers
  | RemoveVolumes
  | RemoveSecrets;

export interface PullImage {
  readonly kind: 'pull-image';
  readonly image: string;
  /** The fingerprint of the credentials for its registry. */
  readonly credentials?: string;
}

/** Fails where an image would run as root, or where that cannot be told from what the image says of its user. */
export interface CheckImageUser {
  readonly kind: 'check-image-user';
  readonly pod: string;
  readonly container: string;
  readonly image: string;
}

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
export interface SetVolumeOwnership {
  readonly kind: 'set-volume-ownership';
  readonly pod: string;
  /** podman's names. */
  readonly volumes: readonly string[];
  readonly group: number;
  /** Leave those as they are whose root belongs to the group already. */
  readonly onRootMismatch: boolean;
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

/**
 * Makes a volume hold its files, and nothing else, as the kubelet does it: whoever has it mounted sees all of the old
 * ones or all of the new. Does nothing where they are there already.
 */
export interface WriteFiles {
  readonly kind: 'write-files';
  readonly pod: string;
  readonly volume: string;
  readonly files: FilesSource['files'];
  readonly mountPoints?: FilesSource['mountPoints'];
  /** The fsGroup of the pod, which can read them all. */
  readonly group?: number;
}

/**
 * Puts down what the volumes of a pod are about to hold; until `SettleFilesNote` it is in doubt whether they do. What
 * they held when the pod was made stands in its own labels, which cannot be changed.
 */
export interface CreateFilesRecord {
  readonly kind: 'create-files-record';
  readonly project: string;
  readonly pod: DesiredPod;
  /** A note is a container, and so has to have an image: one that is there. */
  readonly image: string;
}

/** Says that the volumes of a pod hold what the note on them says. */
export interface FinishFilesRecord {
  readonly kind: 'finish-files-record';
  readonly pod: DesiredPod;
}

export interface MakeHostPath {
  readonly kind: 'make-host-path';
  readonly path: string;
  readonly what: 'directory' | 'file';
}

/**
 * Makes the folder that a subPath names, as the kubelet does before it starts the container, unless something is there, and
 * opens it for the container where podman would not do that safely by itself.
 */
export interface MakeSubPath {
  readonly kind: 'make-sub-path';
  readonly pod: string;
  readonly container: string;
  readonly from: DirectoryOrigin;
  readonly mount: DesiredMount;
  /** Which of the container's mounts it is, from 0. */
  readonly index: number;
  readonly subPath: string;
}

/** Lets go what `MakeSubPath` has opened for the containers of a pod that is gone. */
export interface CloseSubPaths {
  readonly kind: 'close-sub-paths';
  readonly pod: string;
}

/** Makes the file that a container can leave a message in, empty and open to every user. */
export interface MakeTerminationLog {
  readonly kind: 'make-termination-log';
  readonly pod: string;
  readonly container: string;
  /** podman's name. */
  readonly volume: string;
}

/** Hands a secret value to podman, which gives it to the containers of a pod as a variable. */
export interface CreateSecret {
  readonly kind: 'create-secret';
  readonly project: string;
  readonly pod: string;
  readonly container: string;
  /** The variable that it is for, or one of them. */
  readonly variable: string;
  readonly fingerprint: string;
}

export interface CreatePod {
  readonly kind: 'create-pod';
  readonly project: string;
  readonly pod: DesiredPod;
  readonly dns: DnsSettings;
  readonly infraImage?: string;
  /** What cannot be limited here. */
  readonly withoutLimits?: readonly LimitedResource[];
}

/** Starts the infra container before any other, so that the pod has its addresses, and its own /etc/hosts. */
export interface StartInfra {
  readonly kind: 'start-infra';
  readonly pod: string;
  readonly sandbox: Pick<DesiredSandbox, 'hostNetwork' | 'hostAliases'>;
}

export interface RunContainer {
  readonly kind: 'run-container';
  readonly project: string;
  readonly pod: DesiredPod;
  readonly container: DesiredContainer;
  readonly dns: DnsSettings;
  /** A container of that name is there, ours, and is to make room. */
  readonly replace: boolean;
  /** The list of the pod's containers is not the one that was written last. */
  readonly hasNewList?: true;
  /** What cannot be limited here. */
  readonly withoutLimits?: readonly LimitedResource[];
}

/**
 * Creates, and does not start, the container that is to take the place of one that runs. It has a temporary
 * name until it has done so.
 */
export interface CreateReplacement {
  readonly kind: 'create-replacement';
  readonly project: string;
  readonly pod: DesiredPod;
  readonly container: DesiredContainer;
  readonly dns: DnsSettings;
  /** The list of the pod's containers is not the one that was written last. */
  readonly hasNewList?: true;
  /** What cannot be limited here. */
  readonly withoutLimits?: readonly LimitedResource[];
}

export interface StartContainer {
  readonly kind: 'start-container';
  readonly pod: string;
  readonly container: string;
  /** The one that is to take the place of another. */
  readonly isReplacement: boolean;
  /** Made where the image lacks it. */
  readonly workingDir?: string;
}

/** Fails when the container that is to take the place of another does not run. */
export interface VerifyRunning {
  readonly kind: 'verify-running';
  readonly pod: string;
  readonly container: string;
}

/** What podman can change of a container while it runs. */
export type UpdatablePart = 'resources' | 'restartPolicy';

export interface UpdateContainer {
  readonly kind: 'update-container';
  readonly pod: DesiredPod;
  readonly container: DesiredContainer;
  readonly parts: readonly UpdatablePart[];
}

/**
 * Puts down what a container has been updated to, or that it is about to be, and is in doubt until that is done.
 * The labels of a container cannot be changed, and so those of another one, which is never started, say it in their
 * place.
 */
export interface CreateContainerRecord {
  readonly kind: 'create-container-record';
  readonly project: string;
  readonly pod: DesiredPod;
  readonly container: DesiredContainer;
  /** podman's id of the container that was updated. */
  readonly containerId: string;
  readonly says: 'in-doubt' | 'updated';
}

export interface UnpauseContainer {
  readonly kind: 'unpause-container';
  readonly pod: string;
  readonly container: string;
}

/**
 * Stops containers, all within one grace period. Those that podman stops already, since another command was to stop them,
 * are stopped too: their processes are gone afterwards.
 */
export interface StopContainers {
  readonly kind: 'stop-containers';
  readonly pod: string;
  /** podman's names. */
  readonly containers: readonly string[];
  readonly graceSeconds: number;
  /** Other containers of the pod are made, started or stopped meanwhile, which this must not hold up. */
  readonly besideOthers: boolean;
}

/** Gives a container the name that it should have. */
export interface RenameContainer {
  readonly kind: 'rename-container';
  readonly pod: string;
  readonly container: string;
  /** podman's name of it until then. */
  readonly from: string;
}

/** Stops what runs in the pod, all within one grace period, and removes the pod with its containers. */
export interface RemovePod {
  readonly kind: 'remove-pod';
  readonly pod: string;
  readonly graceSeconds: number;
  /** Something in it is paused, and goes on first: what is paused takes no signal. */
  readonly isPaused?: true;
  /** How many containers are in it. */
  readonly containers: number;
}

export interface RemoveContainers {
  readonly kind: 'remove-containers';
  /** podman's names. */
  readonly containers: readonly string[];
  readonly graceSeconds: number;
}

export interface RemoveVolumes {
  readonly kind: 'remove-volumes';
  /** podman's names. */
  readonly volumes: readonly string[];
}

export interface RemoveSecrets {
  readonly kind: 'remove-secrets';
  /** podman's names. */
  readonly secrets: readonly string[];
}
