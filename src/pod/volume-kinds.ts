import type { DesiredVolume, PodVolumeSource, VolumeSource } from './desired.ts';

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
      return false;
  }
}
