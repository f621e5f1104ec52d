import type { DesiredPod, DesiredVolume, FilesSource, PodVolumeSource, VolumeSource } from './desired.ts';

export interface PodVolume extends DesiredVolume {
  readonly source: PodVolumeSource;
}

export function isPodVolume(volume: DesiredVolume): volume is PodVolume {
  return isMadeForPod(volume.source);
}

function isMadeForPod(source: VolumeSource): source is PodVolumeSource {
  switch (source.type) {
    case 'emptyDir':
    case 'ephemeral':
    case 'configMap':
    case 'secret':
    case 'projected':
    case 'downwardAPI':
      return true;
    case 'hostPath':
    case 'image':
    case 'persistentVolumeClaim':
      return false;
  }
}

/** The claims whose volumes containers of the pod mount, each once, sorted by name. */
export function mountedClaims({ initContainers, containers }: DesiredPod): readonly string[] {
  const mounts = [...initContainers, ...containers].flatMap(({ volumeMounts }) => volumeMounts);
  const claims = mounts.flatMap(({ source }) =>
    source.type === 'persistentVolumeClaim' ? [source.claimName] : [],
  );
  return [...new Set(claims)].sort();
}

/** A volume that is made of files from the manifests. */
export interface FileVolume extends PodVolume {
  readonly source: FilesSource;
}

export function isFileVolume(volume: DesiredVolume): volume is FileVolume {
  return isFilesSource(volume.source);
}

export function isFilesSource(source: VolumeSource): source is FilesSource {
  return 'files' in source;
}

/** Those that are made: one that no container mounts can be seen by nobody. */
export function mountedPodVolumes(pod: DesiredPod): readonly PodVolume[] {
  const mounts = [...pod.initContainers, ...pod.containers].flatMap(({ volumeMounts }) => volumeMounts);
  return pod.volumes.filter(isPodVolume).filter(({ name }) => mounts.some((mount) => mount.name === name));
}
