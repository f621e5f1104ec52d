import { MOUNT_DEFAULTS } from '../spec/defaults.ts';
import { join } from 'node:path/posix';
import type { VolumeMount } from '../../manifest/schema/generated/kubernetes.ts';
import { byName } from '../spec/by-name.ts';
import type { DesiredMount } from '../spec/desired.ts';
import type { DesiredVolume } from '../spec/desired-volume.ts';
import type { Lookup } from './expansion.ts';
import { expandText, textOf, type Value } from './text.ts';

/** Converts the mounts of a container; each contains the source of its volume. */
export function convertMounts(
  mounts: readonly VolumeMount[],
  volumes: readonly DesiredVolume[],
  references: Lookup<Value>,
): readonly DesiredMount[] {
  const named = byName(volumes);
  return mounts.flatMap((mount) => {
    const volume = named.get(mount.name);
    return volume === undefined ? [] : [convertMount(mount, volume, references)];
  });
}

function convertMount(
  mount: VolumeMount,
  { name, source, readOnly }: DesiredVolume,
  references: Lookup<Value>,
): DesiredMount {
  const subPath = normalSubPath(mount.subPath ?? expandedSubPath(mount.subPathExpr ?? '', references));
  return {
    name,
    source,
    mountPath: normalMountPath(mount.mountPath),
    readOnly: readOnly ?? mount.readOnly ?? MOUNT_DEFAULTS.readOnly,
    ...(subPath === '' ? {} : { subPath }),
    ...(mount.mountPropagation === 'HostToContainer' ? { mountPropagation: 'HostToContainer' } : {}),
  };
}

/** https://kubernetes.io/docs/concepts/storage/volumes/#using-subpath-expanded-environment */
function expandedSubPath(expression: string, references: Lookup<Value>): string {
  const path = textOf(expandText(expression, references));
  // Validation refuses values that are known only at run time.
  return typeof path === 'string' ? path : '';
}

/** Normalizes a mount path: absolute, as the kubelet makes it, without a trailing slash. */
export function normalMountPath(written: string): string {
  return withoutLastSlash(join('/', written));
}

/** Relative; empty for the root of the volume. */
function normalSubPath(written: string): string {
  return withoutLastSlash(join('/', written)).slice(1);
}

function withoutLastSlash(path: string): string {
  return path === '/' ? path : path.replace(/\/$/, '');
}
