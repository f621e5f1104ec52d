import { resolve } from 'node:path/posix';
import type { Relabel } from '../spec/desired-volume.ts';

/**
 * The annotation of a pod in which `podman kube generate` writes the SELinux option of a host directory:
 * `/srv/data:z` (BindMountPrefix in libpod/define/config.go of podman). podman reads one path from it; podpose reads
 * several, separated by commas or line breaks.
 */
export const BIND_MOUNT_OPTIONS = 'bind-mount-options';

const RELABELS: ReadonlyMap<string, Relabel> = new Map([
  ['z', 'shared'],
  ['Z', 'private'],
]);

export interface BindMountOption {
  readonly path: string;
  /** The text after the last colon; absent without a colon. */
  readonly option?: string;
  /** Absent for an option that is not supported. */
  readonly relabel?: Relabel;
}

export function bindMountOptions(annotation: string): readonly BindMountOption[] {
  return annotation
    .split(/(?<=:\w+)\s*[,\n]\s*/)
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map((text) => {
      const colon = text.lastIndexOf(':');
      if (colon === -1) return { path: text };
      const option = text.slice(colon + 1);
      const relabel = RELABELS.get(option);
      return { path: text.slice(0, colon), option, ...(relabel === undefined ? {} : { relabel }) };
    });
}

/** The relabelling of host paths, by absolute path. */
export function relabelledPaths(
  annotations: Readonly<Record<string, string | undefined>> | undefined,
  manifestDirectory: string,
): ReadonlyMap<string, Relabel> {
  return new Map(
    bindMountOptions(annotations?.[BIND_MOUNT_OPTIONS] ?? '').flatMap(({ path, relabel }) =>
      relabel === undefined ? [] : [[resolve(manifestDirectory, path), relabel] as const],
    ),
  );
}
