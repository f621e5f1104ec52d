import type { PodVolumeSource } from '../../kube/spec/desired-volume.ts';
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
export function diskOptions(group = 0): VolumeOptions {
  return { o: `uid=0,gid=${group}` };
}
