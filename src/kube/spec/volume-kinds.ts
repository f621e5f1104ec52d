import type { DesiredPod } from './desired.ts';
import { compareTexts } from '../../base/text.ts';
import type {
  ClaimSource,
  DesiredVolume,
  FilesSource,
  PodVolumeSource,
  VolumeSource,
} from './desired-volume.ts';

export interface PodVolume extends DesiredVolume {
  readonly source: PodVolumeSource;
}

export function isPodVolume(volume: DesiredVolume): volume is PodVolume {
  return isOwnedByPod(volume.source);
}

function isOwnedByPod(source: VolumeSource): source is PodVolumeSource {
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

/** The names of the mounted PVCs of a pod, without duplicates, sorted. */
export function mountedClaims(pod: DesiredPod): readonly string[] {
  return mountedClaimSources(pod).map(({ claimName }) => claimName);
}

/** The mounted PVCs of a pod, each once, sorted by name. */
export function mountedClaimSources({ initContainers, containers }: DesiredPod): readonly ClaimSource[] {
  const sources = [...initContainers, ...containers]
    .flatMap(({ volumeMounts }) => volumeMounts)
    .flatMap(({ source }) => (source.type === 'persistentVolumeClaim' ? [source] : []));
  const byName = new Map(sources.map((source) => [source.claimName, source]));
  return [...byName.values()].sort((a, b) => compareTexts(a.claimName, b.claimName));
}

/** A volume whose files come from the manifests. */
export interface FileVolume extends PodVolume {
  readonly source: FilesSource;
}

export function isFileVolume(volume: DesiredVolume): volume is FileVolume {
  return isFilesSource(volume.source);
}

export function isFilesSource(source: VolumeSource): source is FilesSource {
  return 'files' in source;
}

/** The volumes to create for a pod. Unmounted volumes are not created. */
export function mountedPodVolumes(pod: DesiredPod): readonly PodVolume[] {
  const mounts = [...pod.initContainers, ...pod.containers].flatMap(({ volumeMounts }) => volumeMounts);
  return pod.volumes.filter(isPodVolume).filter(({ name }) => mounts.some((mount) => mount.name === name));
}
