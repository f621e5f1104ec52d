import type { DesiredPod, DesiredVolume, PodVolumeSource, VolumeSource } from './desired.ts';

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
