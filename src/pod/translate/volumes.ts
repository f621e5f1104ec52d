import { resolve } from 'node:path/posix';
import type {
  EmptyDirVolumeSource,
  HostPathVolumeSource,
  Volume,
} from '../../manifest/generated/kubernetes.ts';
import type { DesiredVolume, EmptyDirSource, HostPathSource, VolumeSource } from '../desired.ts';
import { parseQuantity, wholeUnits } from '../quantity.ts';
import { toNumber } from './resources.ts';

/** A volume that names no source is an emptyDir, as in Kubernetes' SetDefaults_Volume. */
export function translateVolumes(
  volumes: readonly Volume[],
  manifestFolder: string,
): readonly DesiredVolume[] {
  return volumes.map((volume) => ({ name: volume.name, source: translateSource(volume, manifestFolder) }));
}

function translateSource({ emptyDir, ephemeral, hostPath }: Volume, manifestFolder: string): VolumeSource {
  if (hostPath !== undefined) return translateHostPath(hostPath, manifestFolder);
  if (ephemeral !== undefined) return { type: 'ephemeral' };
  return translateEmptyDir(emptyDir ?? {});
}

/** https://kubernetes.io/docs/concepts/storage/volumes/#emptydir */
function translateEmptyDir({ medium, sizeLimit }: EmptyDirVolumeSource): EmptyDirSource {
  const limit = sizeLimit === undefined ? undefined : parseQuantity(sizeLimit);
  const bytes = limit === undefined ? 0 : toNumber(wholeUnits(limit));
  return {
    type: 'emptyDir',
    medium: medium === 'Memory' ? 'Memory' : 'disk',
    ...(bytes > 0 ? { sizeLimit: bytes } : {}),
  };
}

/** https://kubernetes.io/docs/concepts/storage/volumes/#hostpath */
function translateHostPath({ path, type }: HostPathVolumeSource, manifestFolder: string): HostPathSource {
  return { type: 'hostPath', path: resolve(manifestFolder, path), hostPathType: type ?? '' };
}
