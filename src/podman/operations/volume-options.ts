import { defined } from '../../base/defined.ts';
import { tmpfsBytes } from '../../kube/spec/tmpfs-size.ts';
import type { ClaimVolumeOptions, PodVolumeSource } from '../../kube/spec/desired-volume.ts';
import { isMounted } from '../../kube/storage/volume-annotations.ts';
import type { PodmanCapabilities } from '../inspect/version.ts';

/** Options of the volume driver by name: `type`, `device`, `o`. */
export type VolumeOptions = Readonly<Record<string, string>>;

/** `--opt NAME=VALUE` for each option. */
export function optionFlags(options: VolumeOptions): readonly string[] {
  return Object.entries(options).flatMap(([name, value]) => ['--opt', `${name}=${value}`]);
}

/** The options of `podman volume create` for a volume of a pod. */
export function volumeOptions(
  { source, group }: { readonly source: PodVolumeSource; readonly group?: number },
  capabilities: PodmanCapabilities,
): VolumeOptions {
  switch (source.type) {
    case 'emptyDir':
      return source.medium === 'Memory'
        ? memoryOptions(source.sizeLimit, group, capabilities)
        : diskOptions(group);
    case 'ephemeral':
      return diskOptions(group);
    case 'configMap':
    case 'secret':
    case 'projected':
    case 'downwardAPI':
      return source.medium === 'Memory' ? memoryOptions(undefined, group, capabilities) : diskOptions(group);
  }
}

function memoryOptions(
  sizeLimit: number | undefined,
  group: number | undefined,
  capabilities: PodmanCapabilities,
): VolumeOptions {
  const size = sizeLimit === undefined ? '' : `,${tmpfsLimit(sizeLimit, capabilities)}`;
  const owner = group === undefined ? 'mode=0777' : `mode=2777,gid=${group}`;
  return { type: 'tmpfs', device: 'tmpfs', o: `${owner}${size}` };
}

const PAGE = 4096;

/** podman before 4.8 treats `size` as a disk quota and fails. The kernel also accepts a number of pages. */
function tmpfsLimit(bytes: number, capabilities: PodmanCapabilities): string {
  return capabilities.tmpfsSize ? `size=${bytes}` : `nr_blocks=${Math.ceil(bytes / PAGE)}`;
}

/** With an explicit owner, podman does not give the volume to the user of the first container that mounts it. */
function diskOptions(group = 0): VolumeOptions {
  return { o: `uid=0,gid=${group}` };
}

/** Types of filesystems whose mount accepts an owner: tmpfs has one, and a bind mount ignores it. */
const WITH_OWNER: ReadonlySet<string> = new Set(['tmpfs', 'bind', 'none']);

/**
 * The options of `podman volume create` for the volume of a PersistentVolumeClaim.
 * @param group the fsGroup of the pod, unless the options have a gid
 */
export function claimOptions(
  options: ClaimVolumeOptions,
  group: number | undefined,
  capabilities: PodmanCapabilities,
): VolumeOptions {
  const { type, device, image } = options;
  const mount = [...ownerOptions(options, group), ...mountOptions(options, group, capabilities)];
  return defined({ type, device, image, o: mount.length === 0 ? undefined : mount.join(',') });
}

/** `--driver` for a driver other than podman's own. */
export function driverFlags({ driver }: ClaimVolumeOptions): readonly string[] {
  return driver === undefined ? [] : ['--driver', driver];
}

function ownerOptions(options: ClaimVolumeOptions, group: number | undefined): readonly string[] {
  const { type, uid, gid } = options;
  const hasOwner = !isMounted(options) || (options.driver === undefined && WITH_OWNER.has(type ?? ''));
  const owner = hasOwner ? { uid: uid ?? 0, gid: gid ?? group ?? 0 } : defined({ uid, gid });
  return Object.entries(owner).map(([name, id]) => `${name}=${id}`);
}

/** A tmpfs is writable for every user, as any other volume of a PersistentVolumeClaim. */
function mountOptions(
  { type, mountOptions: given = [] }: ClaimVolumeOptions,
  group: number | undefined,
  capabilities: PodmanCapabilities,
): readonly string[] {
  if (type !== 'tmpfs') return given;
  const mode = given.some((option) => option.startsWith('mode='))
    ? []
    : [`mode=${group === undefined ? '0777' : '2777'}`];
  return [...mode, ...given.map((option) => sizeOption(option, capabilities))];
}

function sizeOption(option: string, capabilities: PodmanCapabilities): string {
  const bytes = option.startsWith('size=') ? tmpfsBytes(option.slice('size='.length)) : undefined;
  return bytes === undefined || capabilities.tmpfsSize ? option : tmpfsLimit(bytes, capabilities);
}
