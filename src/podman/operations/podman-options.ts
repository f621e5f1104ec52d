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
import { labelSetting } from './labels.ts';
import { commandSetting, setting, type Setting } from './setting.ts';

type SettingOf = (value: string, name: string) => Setting;

const label: SettingOf = (value, name) => labelSetting({ [name]: value });

const SETTINGS: Readonly<Record<string, SettingOf>> = {
  [AUTO_UPDATE]: label,
  [AUTO_UPDATE_AUTHFILE]: label,
  [CPUSET]: (cpus) => setting(['--cpuset-cpus', cpus], { resource_limits: { cpu: { cpus } } }),
  [INIT]: () => setting(['--init'], { init: true }),
  // The command combines these with the options of the security context.
  [LABEL_OPTIONS]: (options) =>
    commandSetting(options.split(',').flatMap((one) => ['--security-opt', `label=${one}`])),
  [MEMORY_NODES]: (mems) => setting(['--cpuset-mems', mems], { resource_limits: { cpu: { mems } } }),
  // podman 6 also records it in an annotation, which earlier ones do not have.
  [PIDS_LIMIT]: (most) => commandSetting(['--pids-limit', most]),
  // `-1` and `host` have no number in JSON.
  [ULIMIT]: (limits) => commandSetting(limits.split(',').flatMap((one) => ['--ulimit', one])),
};

/** The controller that an annotation needs. */
const CONTROLLERS: Readonly<Record<string, LimitedResource>> = {
  [CPUSET]: 'cpuset',
  [MEMORY_NODES]: 'cpuset',
  [PIDS_LIMIT]: 'pids',
};

/** The settings of a new container for podman's annotations and for devices. */
export function podmanOptionSettings(
  { annotations = {}, devices = [] }: Pick<DesiredContainer, 'annotations' | 'devices'>,
  without: readonly LimitedResource[] = [],
): readonly Setting[] {
  const isMissing = (name: string) => without.some((resource) => CONTROLLERS[name] === resource);
  return [
    ...Object.entries(annotations).flatMap(([name, value]) => {
      if (isOfRuntime(name))
        return [setting(['--annotation', `${name}=${value}`], { annotations: { [name]: value } })];
      const found = isMissing(name) ? undefined : SETTINGS[name]?.(value, name);
      return found === undefined ? [] : [found];
    }),
    ...devices.map((path) => setting(['--device', path], { devices: [{ path }] })),
  ];
}

/** The controllers that podman needs for the annotations of a container. */
export function controllersOf({
  annotations = {},
}: Pick<DesiredContainer, 'annotations'>): readonly LimitedResource[] {
  return Object.keys(annotations).flatMap((name) => CONTROLLERS[name] ?? []);
}
