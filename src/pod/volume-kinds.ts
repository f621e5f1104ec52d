import type { DesiredPod, DesiredVolume, FilesSource, PodVolumeSource, VolumeSource } from './desired.ts';
import { fileKeysOf } from './texts.ts';

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

/** Those that are made: one that no container mounts, or takes a variable from, can be seen by nobody. */
export function usedPodVolumes(pod: DesiredPod): readonly PodVolume[] {
  const names = [...pod.initContainers, ...pod.containers].flatMap((container) => [
    ...container.volumeMounts.map(({ name }) => name),
    ...fileKeysOf(container).map(({ volume }) => volume),
  ]);
  return pod.volumes.filter(isPodVolume).filter(({ name }) => names.includes(name));
}
