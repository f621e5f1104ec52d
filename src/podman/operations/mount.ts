import type { DesiredMount, DesiredPod } from '../../kube/spec/desired.ts';
import type { Relabel, VolumeSource } from '../../kube/spec/desired-volume.ts';
import type { PodmanCapabilities } from '../inspect/version.ts';
import { volumeOrigin } from '../inspect/volume-origin.ts';
import { setting, type Body, type Setting } from './setting.ts';
import { anchorTarget, hasAnchor } from './sub-path.ts';
import { volumeDirectory, type Argument } from './argument.ts';
import { commaSeparatedField } from './comma-separated.ts';

/**
 * The setting that mounts a volume of the pod, or a path in it, into a container.
 * @param anchor the anchor of the subPath, if it has one
 */
export function mountSetting(
  pod: DesiredPod,
  mount: DesiredMount,
  anchor: string,
  capabilities: PodmanCapabilities,
): Setting {
  const { mountPath, mountPropagation, subPath } = mount;
  const origin = volumeOrigin(pod, mount);
  const below = subPath === undefined ? '' : `/${subPath}`;
  if (hasAnchor(mount, capabilities)) {
    const flag = anchorTarget(pod.name, anchor, `:${mountPath}${shortOptions(mount, [])}`);
    return bindSetting(['--volume', flag], anchorTarget(pod.name, anchor, ''), mount);
  }
  switch (origin.type) {
    case 'path': {
      const source = `${origin.path}${below}`;
      const { flag, before, path, after } = bindMount(source, mount);
      return bindSetting([flag, `${before}${path}${after}`], source, mount);
    }
    case 'image': {
      // An image is always read-only, and podman rejects the option.
      const fields = ['type=image', `source=${origin.image}`, `destination=${mountPath}`];
      if (subPath !== undefined) fields.push(`subpath=${below}`);
      return setting(['--mount', fields.map(commaSeparatedField).join(',')], {
        image_volumes: [
          {
            Source: origin.image,
            Destination: mountPath,
            ReadWrite: false,
            ...(subPath === undefined ? {} : { subPath: below }),
          },
        ],
      });
    }
    case 'volume': {
      const { volume } = origin;
      if (subPath === undefined)
        // A volume starts empty: by default, podman copies the image's files at this path into it.
        return setting(['--volume', `${volume}:${mountPath}${shortOptions(mount, ['nocopy'])}`], {
          volumes: [namedVolume(volume, mount, ['nocopy'])],
        });
      if (capabilities.volumeSubPath && mountPropagation === undefined)
        return setting(
          ['--mount', longForm(['type=volume', `source=${volume}`, `subpath=${subPath}`], mount)],
          {
            volumes: [{ ...namedVolume(volume, mount, []), SubPath: subPath }],
          },
        );
      const { flag, before, path, after } = bindMount(below, mount);
      return bindSetting(
        [flag, { ...volumeDirectory(volume, `${path}${after}`), before }],
        volumeDirectory(volume, below),
        mount,
      );
    }
  }
}

/** NamedVolume in pkg/specgen/volumes.go. */
function namedVolume(volume: string, mount: DesiredMount, first: readonly string[]): Body {
  return { Name: volume, Dest: mount.mountPath, Options: optionsOf(mount, first) };
}

function bindSetting(flags: readonly Argument[], source: Argument, mount: DesiredMount): Setting {
  return {
    flags,
    body: (valueOf) => ({
      mounts: [
        {
          type: 'bind',
          source: valueOf(source),
          destination: mount.mountPath,
          options: optionsOf(mount, []),
        },
      ],
    }),
  };
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

function shortOptions(mount: DesiredMount, first: readonly string[]): string {
  const options = optionsOf(mount, first);
  return options.length === 0 ? '' : `:${options.join(',')}`;
}

function optionsOf(
  { readOnly, mountPropagation, source }: DesiredMount,
  first: readonly string[],
): readonly string[] {
  return [
    ...first,
    ...(readOnly ? ['ro'] : []),
    ...(mountPropagation === undefined ? [] : ['rslave']),
    ...relabelOption(source, { shared: 'z', private: 'Z' }),
  ];
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
