import { resolve } from 'node:path/posix';
import type {
  EmptyDirVolumeSource,
  HostPathVolumeSource,
  ImageVolumeSource,
  PersistentVolumeClaimVolumeSource,
  Pod,
  Volume,
} from '../../manifest/generated/kubernetes.ts';
import type { DesiredVolume, EmptyDirSource, HostPathSource, ImageSource, VolumeSource } from '../desired.ts';
import type { PersistentVolume } from '../objects/binding.ts';
import { parseQuantity, wholeUnits } from '../quantity.ts';
import { translateFileVolume } from './file-volumes.ts';
import { nestedMountPoints } from './mount-points.ts';
import { effectivePullPolicy } from './pull-policy.ts';
import { toNumber } from './resources.ts';
import { folderOf, type Surroundings } from './surroundings.ts';

/** A volume that names no source is an emptyDir, as in Kubernetes' SetDefaults_Volume. */
export function translateVolumes(pod: Pod, surroundings: Surroundings): readonly DesiredVolume[] {
  return (pod.spec.volumes ?? []).map((volume) => {
    const { name, persistentVolumeClaim } = volume;
    if (persistentVolumeClaim !== undefined)
      return { name, ...translateClaim(persistentVolumeClaim, surroundings) };
    const files = translateFileVolume(volume, pod, surroundings);
    // The kubelet mounts them so: GetAttributes in pkg/volume/configmap/configmap.go, and the same for the others.
    if (files !== undefined) {
      const mountPoints = nestedMountPoints(name, pod);
      const source = mountPoints.length === 0 ? files : { ...files, mountPoints };
      return { name, source, readOnly: true };
    }
    return { name, source: translateSource(volume, surroundings) };
  });
}

function translateSource(
  { emptyDir, ephemeral, hostPath, image }: Volume,
  { manifestFolder }: Surroundings,
): VolumeSource {
  if (hostPath !== undefined) return translateHostPath(hostPath, manifestFolder);
  if (image !== undefined) return translateImage(image);
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

/** https://kubernetes.io/docs/concepts/storage/volumes/#image */
function translateImage({ reference = '', pullPolicy }: ImageVolumeSource): ImageSource {
  return { type: 'image', reference, pullPolicy: pullPolicy ?? effectivePullPolicy(reference) };
}

/** https://kubernetes.io/docs/concepts/storage/volumes/#hostpath */
function translateHostPath({ path, type }: HostPathVolumeSource, manifestFolder: string): HostPathSource {
  return { type: 'hostPath', path: resolve(manifestFolder, path), hostPathType: type ?? '' };
}

/** https://kubernetes.io/docs/concepts/storage/persistent-volumes/#claims-as-volumes */
function translateClaim(
  { claimName, readOnly = false }: PersistentVolumeClaimVolumeSource,
  surroundings: Surroundings,
): Omit<DesiredVolume, 'name'> {
  const always = readOnly ? { readOnly } : {};
  const binding = surroundings.objects.bindings.get(claimName);
  const bound = binding?.kind === 'bound' ? translateBound(binding.volume, surroundings) : undefined;
  return bound === undefined
    ? { source: { type: 'persistentVolumeClaim', claimName }, ...always }
    : { ...bound, ...always };
}

/** The path that a PersistentVolume is. Volumes of other types have been refused. */
function translateBound(
  { value: { metadata, spec }, file }: PersistentVolume,
  { currentFolder }: Surroundings,
): Omit<DesiredVolume, 'name'> | undefined {
  const persistentVolume = metadata?.name ?? '';
  const { hostPath, local } = spec ?? {};
  const folder = folderOf(file, currentFolder);
  if (hostPath?.path !== undefined)
    return { source: translateHostPath({ ...hostPath, path: hostPath.path }, folder), persistentVolume };
  if (local?.path !== undefined)
    // https://kubernetes.io/docs/concepts/storage/volumes/#local
    return { source: translateHostPath({ path: local.path, type: 'Directory' }, folder), persistentVolume };
  return undefined;
}
