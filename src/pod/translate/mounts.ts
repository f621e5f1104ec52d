import { join } from 'node:path/posix';
import type { VolumeMount } from '../../manifest/generated/kubernetes.ts';
import type { DesiredMount, DesiredVolume } from '../desired.ts';

/** The mounts of a container, each with the volume that it mounts. */
export function translateMounts(
  mounts: readonly VolumeMount[],
  volumes: readonly DesiredVolume[],
): readonly DesiredMount[] {
  return mounts.flatMap((mount) => {
    const volume = volumes.find(({ name }) => name === mount.name);
    return volume === undefined ? [] : [translateMount(mount, volume)];
  });
}

function translateMount(mount: VolumeMount, { name, source }: DesiredVolume): DesiredMount {
  const subPath = normalSubPath(mount.subPath ?? '');
  return {
    name,
    source,
    mountPath: normalMountPath(mount.mountPath),
    readOnly: mount.readOnly ?? false,
    ...(subPath === '' ? {} : { subPath }),
  };
}

/** As the kernel will see it: absolute, as the kubelet makes it, and with no slash at its end. */
export function normalMountPath(written: string): string {
  return withoutLastSlash(join('/', written));
}

/** Relative, and empty for the volume's root. */
function normalSubPath(written: string): string {
  return withoutLastSlash(join('/', written)).slice(1);
}

function withoutLastSlash(path: string): string {
  return path === '/' ? path : path.replace(/\/$/, '');
}
