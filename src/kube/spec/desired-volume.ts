import type { Content } from '../config/content.ts';
import type { ImagePullPolicy } from './image-reference.ts';

export interface DesiredVolume {
  readonly name: string;
  readonly source: VolumeSource;
  /** Every mount is read-only, regardless of the mount. */
  readonly readOnly?: true;
  /** The PersistentVolume that the PVC is bound to. */
  readonly persistentVolume?: string;
}

export type VolumeSource = PodVolumeSource | HostPathSource | ClaimSource | ImageSource;

/** A volume that is created and removed with the pod. */
export type PodVolumeSource = EmptyDirSource | EphemeralSource | FilesSource;

export interface EmptyDirSource {
  readonly type: 'emptyDir';
  readonly medium: 'disk' | 'Memory';
  /** Bytes. */
  readonly sizeLimit?: number;
}

/** A generic ephemeral volume: like an emptyDir, because there is no provisioner here. */
export interface EphemeralSource {
  readonly type: 'ephemeral';
}

/** A volume with files from the manifests. It is read-only, and containers see updates of its files. */
export interface FilesSource {
  readonly type: 'configMap' | 'secret' | 'projected' | 'downwardAPI';
  /** Memory if the volume can contain a secret. */
  readonly medium: 'disk' | 'Memory';
  /** Sorted by path. No path is the directory of another. */
  readonly files: readonly VolumeFile[];
  /** Mount points of other volumes, relative to the root, sorted; absent for none. */
  readonly mountPoints?: readonly string[];
}

export interface VolumeFile {
  /** Relative to the root of the volume. */
  readonly path: string;
  /** The permission bits, without those that the fsGroup adds. */
  readonly mode: number;
  readonly content: Content;
}

export type HostPathType =
  '' | 'DirectoryOrCreate' | 'Directory' | 'FileOrCreate' | 'File' | 'Socket' | 'CharDevice' | 'BlockDevice';

export interface HostPathSource {
  readonly type: 'hostPath';
  /** Absolute; relative paths are resolved against the directory of the manifest. */
  readonly path: string;
  readonly hostPathType: HostPathType;
  /** The SELinux label that the files get: for all containers, or for this pod alone. Absent: they keep theirs. */
  readonly relabel?: Relabel;
}

export type Relabel = 'shared' | 'private';

/** The volume of a PVC that is not bound to a PersistentVolume in the files. It is kept when pods are removed. */
export interface ClaimSource {
  readonly type: 'persistentVolumeClaim';
  /** The name of its volume in podman, which is that of the claim without an annotation `podpose.io/volume`. */
  readonly claimName: string;
  /** How the volume is created; absent for a directory with podpose's defaults. */
  readonly options?: ClaimVolumeOptions;
}

/** Options of a volume that is created for a PVC. They cannot be changed later. */
export interface ClaimVolumeOptions {
  /** A driver of podman; `local` if absent. */
  readonly driver?: string;
  /** The type of a filesystem that is mounted, such as `tmpfs`; without type and device, the volume is a directory. */
  readonly type?: string;
  readonly device?: string;
  /** Options of the mount, without those of the owner. */
  readonly mountOptions?: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
  /** The image that the driver `image` copies. */
  readonly image?: string;
}

/** The filesystem of an image, read-only. */
export interface ImageSource {
  readonly type: 'image';
  readonly reference: string;
  readonly pullPolicy: ImagePullPolicy;
}
