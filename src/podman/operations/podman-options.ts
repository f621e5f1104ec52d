import type { DesiredContainer } from '../../kube/spec/desired.ts';
import {
  AUTO_UPDATE,
  AUTO_UPDATE_AUTHFILE,
  CPUSET,
  INIT,
  isOfRuntime,
  LABEL_OPTIONS,
  MEMORY_NODES,
  PIDS_LIMIT,
  ULIMIT,
} from '../../kube/spec/podman-annotations.ts';
import type { LimitedResource } from '../inspect/limits.ts';

type Flags = (value: string, name: string) => readonly string[];

const label: Flags = (value, name) => ['--label', `${name}=${value}`];

const FLAGS: Readonly<Record<string, Flags>> = {
  [AUTO_UPDATE]: label,
  [AUTO_UPDATE_AUTHFILE]: label,
  [CPUSET]: (cpus) => ['--cpuset-cpus', cpus],
  [INIT]: () => ['--init'],
  [LABEL_OPTIONS]: (options) => options.split(',').flatMap((one) => ['--security-opt', `label=${one}`]),
  [MEMORY_NODES]: (nodes) => ['--cpuset-mems', nodes],
  [PIDS_LIMIT]: (most) => ['--pids-limit', most],
  [ULIMIT]: (limits) => limits.split(',').flatMap((one) => ['--ulimit', one]),
};

/** The controller that an annotation needs. */
const CONTROLLERS: Readonly<Record<string, LimitedResource>> = {
  [CPUSET]: 'cpuset',
  [MEMORY_NODES]: 'cpuset',
  [PIDS_LIMIT]: 'pids',
};

/** The flags of `podman run` and `podman create` for podman's annotations and for devices. */
export function podmanOptionFlags(
  { annotations = {}, devices = [] }: Pick<DesiredContainer, 'annotations' | 'devices'>,
  without: readonly LimitedResource[] = [],
): readonly string[] {
  const isMissing = (name: string) => without.some((resource) => CONTROLLERS[name] === resource);
  return [
    ...Object.entries(annotations).flatMap(([name, value]) => {
      if (isOfRuntime(name)) return ['--annotation', `${name}=${value}`];
      return isMissing(name) ? [] : (FLAGS[name]?.(value, name) ?? []);
    }),
    ...devices.flatMap((device) => ['--device', device]),
  ];
}

/** The controllers that podman needs for the annotations of a container. */
export function controllersOf({
  annotations = {},
}: Pick<DesiredContainer, 'annotations'>): readonly LimitedResource[] {
  return Object.keys(annotations).flatMap((name) => CONTROLLERS[name] ?? []);
}
