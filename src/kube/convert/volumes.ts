import { DEFAULT_HOST_PATH_TYPE, defaultPullPolicy, MOUNT_DEFAULTS } from '../spec/defaults.ts';
import { resolve } from 'node:path/posix';
import { defined } from '../../base/defined.ts';
import type {
  EmptyDirVolumeSource,
  HostPathVolumeSource,
  ImageVolumeSource,
  PersistentVolumeClaimVolumeSource,
  Pod,
  Volume,
} from '../../manifest/schema/generated/kubernetes.ts';
import type {
  ClaimSource,
  DesiredVolume,
  EmptyDirSource,
  HostPathSource,
  ImageSource,
  VolumeSource,
} from '../spec/desired-volume.ts';
import type { PersistentVolume } from '../storage/binding.ts';
import { relabelledPaths } from '../storage/bind-mount-options.ts';
import { claimVolumeOptions } from '../storage/volume-annotations.ts';
import { volumeOfClaim } from '../storage/claim-volume.ts';
import { parseQuantity, wholeUnits } from '../spec/quantity.ts';
import { convertFileVolume } from './file-volumes.ts';
import { nestedMountPoints } from './mount-points.ts';
import { toNumber } from './resources.ts';
import { directoryOf, type ConvertContext } from './convert-context.ts';

/** Converts the volumes of a pod. A volume without a source is an emptyDir (SetDefaults_Volume). */
export function convertVolumes(pod: Pod, context: ConvertContext): readonly DesiredVolume[] {
  const relabelled = relabelledPaths(pod.metadata.annotations, context.manifestDirectory);
  return convertAll(pod, context).map((volume) => {
    const { source } = volume;
    const relabel = source.type === 'hostPath' ? relabelled.get(source.path) : undefined;
    return source.type === 'hostPath' && relabel !== undefined
      ? { ...volume, source: { ...source, relabel } }
      : volume;
  });
}

function convertAll(pod: Pod, context: ConvertContext): readonly DesiredVolume[] {
  return (pod.spec.volumes ?? []).map((volume) => {
    const { name, persistentVolumeClaim } = volume;
    if (persistentVolumeClaim !== undefined) return { name, ...convertClaim(persistentVolumeClaim, context) };
    const files = convertFileVolume(volume, pod, context);
    // The kubelet mounts these volumes read-only (GetAttributes in pkg/volume/configmap/configmap.go, likewise for
    // the others).
    if (files !== undefined) {
      const mountPoints = nestedMountPoints(name, pod);
      const source = mountPoints.length === 0 ? files : { ...files, mountPoints };
      return { name, source, readOnly: true };
    }
    return { name, source: convertSource(volume, context) };
  });
}

function convertSource(
  { emptyDir, ephemeral, hostPath, image }: Volume,
  { manifestDirectory }: ConvertContext,
): VolumeSource {
  if (hostPath !== undefined) return convertHostPath(hostPath, manifestDirectory);
  if (image !== undefined) return convertImage(image);
  if (ephemeral !== undefined) return { type: 'ephemeral' };
  return convertEmptyDir(emptyDir ?? {});
}

/** https://kubernetes.io/docs/concepts/storage/volumes/#emptydir */
function convertEmptyDir({ medium, sizeLimit }: EmptyDirVolumeSource): EmptyDirSource {
  const limit = sizeLimit === undefined ? undefined : parseQuantity(sizeLimit);
  const bytes = limit === undefined ? 0 : toNumber(wholeUnits(limit));
  return {
    type: 'emptyDir',
    medium: medium === 'Memory' ? 'Memory' : 'disk',
    ...(bytes > 0 ? { sizeLimit: bytes } : {}),
  };
}

/** https://kubernetes.io/docs/concepts/storage/volumes/#image */
function convertImage({ reference = '', pullPolicy }: ImageVolumeSource): ImageSource {
  return { type: 'image', reference, pullPolicy: pullPolicy ?? defaultPullPolicy(reference) };
}

/** https://kubernetes.io/docs/concepts/storage/volumes/#hostpath */
function convertHostPath({ path, type }: HostPathVolumeSource, manifestDirectory: string): HostPathSource {
  return {
    type: 'hostPath',
    path: resolve(manifestDirectory, path),
    hostPathType: type ?? DEFAULT_HOST_PATH_TYPE,
  };
}

/** https://kubernetes.io/docs/concepts/storage/persistent-volumes/#claims-as-volumes */
function convertClaim(
  { claimName, readOnly = MOUNT_DEFAULTS.readOnly }: PersistentVolumeClaimVolumeSource,
  context: ConvertContext,
): Omit<DesiredVolume, 'name'> {
  const always = readOnly ? { readOnly } : {};
  const binding = context.objects.bindings.get(claimName);
  const bound = binding?.kind === 'bound' ? convertBound(binding.volume, context) : undefined;
  return bound === undefined
    ? { source: convertUnbound(claimName, context), ...always }
    : { ...bound, ...always };
}

function convertUnbound(claimName: string, { objects }: ConvertContext): ClaimSource {
  const claim = objects.claims.get(claimName);
  const options = claim === undefined ? undefined : claimVolumeOptions(claim);
  return {
    type: 'persistentVolumeClaim',
    claimName: volumeOfClaim(claimName, objects),
    ...defined({ options }),
  };
}

/** The path of a bound PersistentVolume. Validation refuses volumes of other types. */
function convertBound(
  { value: { metadata, spec }, file }: PersistentVolume,
  { currentDirectory }: ConvertContext,
): Omit<DesiredVolume, 'name'> | undefined {
  const persistentVolume = metadata?.name ?? '';
  const { hostPath, local } = spec ?? {};
  const directory = directoryOf(file, currentDirectory);
  if (hostPath?.path !== undefined)
    return { source: convertHostPath({ ...hostPath, path: hostPath.path }, directory), persistentVolume };
  if (local?.path !== undefined)
    // https://kubernetes.io/docs/concepts/storage/volumes/#local
    return { source: convertHostPath({ path: local.path, type: 'Directory' }, directory), persistentVolume };
  return undefined;
}
