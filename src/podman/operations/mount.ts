import type { DesiredMount, DesiredPod } from '../../kube/spec/desired.ts';
import type { Relabel, VolumeSource } from '../../kube/spec/desired-volume.ts';
import type { PodmanCapabilities } from '../inspect/version.ts';
import { volumeOrigin } from '../inspect/volume-origin.ts';
import { anchorTarget, hasAnchor } from './sub-path.ts';
import { volumeDirectory, type Argument } from './argument.ts';
import { commaSeparatedField } from './comma-separated.ts';

/**
 * The flag that mounts a volume of the pod, or a path in it, into a container.
 * @param anchor the anchor of the subPath, if it has one
 */
export function mountFlags(
  pod: DesiredPod,
  mount: DesiredMount,
  anchor: string,
  capabilities: PodmanCapabilities,
): readonly Argument[] {
  const { mountPath, mountPropagation, subPath } = mount;
  const origin = volumeOrigin(pod, mount);
  const below = subPath === undefined ? '' : `/${subPath}`;
  if (hasAnchor(mount, capabilities))
    return ['--volume', anchorTarget(pod.name, anchor, `:${mountPath}${shortOptions(mount, [])}`)];
  switch (origin.type) {
    case 'path': {
      const { flag, before, path, after } = bindMount(`${origin.path}${below}`, mount);
      return [flag, `${before}${path}${after}`];
    }
    case 'image': {
      // An image is always read-only, and podman rejects the option.
      const fields = ['type=image', `source=${origin.image}`, `destination=${mountPath}`];
      if (subPath !== undefined) fields.push(`subpath=${below}`);
      return ['--mount', fields.map(commaSeparatedField).join(',')];
    }
    case 'volume': {
      const { volume } = origin;
      if (subPath === undefined)
        // A volume starts empty: by default, podman copies the image's files at this path into it.
        return ['--volume', `${volume}:${mountPath}${shortOptions(mount, ['nocopy'])}`];
      if (capabilities.volumeSubPath && mountPropagation === undefined)
        return ['--mount', longForm(['type=volume', `source=${volume}`, `subpath=${subPath}`], mount)];
      const { flag, before, path, after } = bindMount(below, mount);
      return [flag, { ...volumeDirectory(volume, `${path}${after}`), before }];
    }
  }
}

interface BindMount {
  readonly flag: string;
  readonly before: string;
  /** Escaped for the flag. */
  readonly path: string;
  readonly after: string;
}

/**
 * The parts of the flag for a bind mount of a path, or of a path below a directory. The short form would split the path
 * at a colon.
 */
function bindMount(path: string, mount: DesiredMount): BindMount {
  if (!path.includes(':'))
    return {
      flag: '--volume',
      before: '',
      path,
      after: `:${mount.mountPath}${shortOptions(mount, [])}`,
    };
  const quote = commaSeparatedField(path) === path ? '' : '"';
  return {
    flag: '--mount',
    before: `type=bind,${quote}source=`,
    path: path.replaceAll('"', '""'),
    after: `${quote},${longForm([], mount)}`,
  };
}

function shortOptions(
  { readOnly, mountPropagation, source }: DesiredMount,
  first: readonly string[],
): string {
  const options = [
    ...first,
    ...(readOnly ? ['ro'] : []),
    ...(mountPropagation === undefined ? [] : ['rslave']),
    ...relabelOption(source, { shared: 'z', private: 'Z' }),
  ];
  return options.length === 0 ? '' : `:${options.join(',')}`;
}

function longForm(
  first: readonly string[],
  { mountPath, readOnly, mountPropagation, source }: DesiredMount,
): string {
  return [
    ...first,
    `destination=${mountPath}`,
    ...(readOnly ? ['ro'] : []),
    ...(mountPropagation === undefined ? [] : ['bind-propagation=rslave']),
    ...relabelOption(source, { shared: 'relabel=shared', private: 'relabel=private' }),
  ]
    .map(commaSeparatedField)
    .join(',');
}

/** Without SELinux, podman ignores the option. */
function relabelOption(source: VolumeSource, words: Readonly<Record<Relabel, string>>): readonly string[] {
  return source.type === 'hostPath' && source.relabel !== undefined ? [words[source.relabel]] : [];
}
