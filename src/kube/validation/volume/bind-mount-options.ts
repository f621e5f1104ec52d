import { resolve } from 'node:path/posix';
import { suggest } from '../../../base/suggest.ts';
import type { ObjectSet } from '../../config/object-set.ts';
import type { PodObject } from '../../spec/pod-object.ts';
import {
  BIND_MOUNT_OPTIONS,
  bindMountOptions,
  type BindMountOption,
} from '../../storage/bind-mount-options.ts';
import type { Finding } from '../finding.ts';

const PATH = ['metadata', 'annotations', BIND_MOUNT_OPTIONS];

/** Checks podman's annotation `bind-mount-options`, of which podman itself ignores whatever it does not understand. */
export function* checkBindMountOptions(pod: PodObject, objects: ObjectSet): Iterable<Finding> {
  const options = bindMountOptions(pod.value.metadata?.annotations?.[BIND_MOUNT_OPTIONS] ?? '');
  if (options.length === 0) return;
  const paths = hostPathsOf(pod, objects);
  const absolute = new Map(paths.map((path) => [resolve('/', path), path]));
  for (const option of options) {
    if (option.relabel === undefined) yield malformed(option);
    else if (!absolute.has(resolve('/', option.path))) yield noSuchPath(option, paths);
  }
}

/** The paths as written, also of PersistentVolumes. */
function hostPathsOf({ value }: PodObject, { bindings }: ObjectSet): readonly string[] {
  return (value.spec?.volumes ?? []).flatMap(({ hostPath, persistentVolumeClaim }) => {
    const binding = bindings.get(persistentVolumeClaim?.claimName ?? '');
    const volume = binding?.kind === 'bound' ? binding.volume.value.spec : undefined;
    return hostPath?.path ?? volume?.hostPath?.path ?? volume?.local?.path ?? [];
  });
}

function malformed({ path, option }: BindMountOption): Finding {
  return {
    code: 'volume-annotation',
    path: PATH,
    message:
      option === undefined
        ? `expected 'PATH:z' or 'PATH:Z', got '${path}'`
        : `not supported: option '${option}' of '${path}'; expected 'z' or 'Z'`,
    help:
      option === 'ro'
        ? "Set 'readOnly: true' in volumeMounts."
        : "'z' gives the files an SELinux label that all containers share, 'Z' one of this pod alone.",
  };
}

function noSuchPath({ path, option = '' }: BindMountOption, paths: readonly string[]): Finding {
  const near = suggest(path, paths);
  return {
    code: 'volume-annotation',
    severity: 'warning',
    path: PATH,
    message: `no volume of the pod has the hostPath '${path}'`,
    ...(near === undefined ? {} : { suggestion: `${near}:${option}` }),
  };
}
