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
import type { PodmanCapabilities } from '../inspect/version.ts';
import { labelSetting } from './labels.ts';
import { labelOptionSetting, seLinuxOptions } from './security.ts';
import { commandSetting, setting, type Body, type Setting } from './setting.ts';

type OptionOwner = Pick<DesiredContainer, 'annotations' | 'devices' | 'securityContext'>;

type SettingOf = (
  value: string,
  name: string,
  owner: OptionOwner,
  capabilities: PodmanCapabilities,
) => Setting;

const label: SettingOf = (value, name) => labelSetting({ [name]: value });

const SETTINGS: Readonly<Record<string, SettingOf>> = {
  [AUTO_UPDATE]: label,
  [AUTO_UPDATE_AUTHFILE]: label,
  [CPUSET]: (cpus, name, _owner, { cpusetAnnotations }) =>
    setting(['--cpuset-cpus', cpus], {
      resource_limits: { cpu: { cpus } },
      ...recorded(name, cpus, cpusetAnnotations),
    }),
  [INIT]: () => setting(['--init'], { init: true }),
  [LABEL_OPTIONS]: (options, _name, { securityContext }) =>
    labelOptionSetting(options.split(','), seLinuxOptions(securityContext)),
  [MEMORY_NODES]: (mems, name, _owner, { cpusetAnnotations }) =>
    setting(['--cpuset-mems', mems], {
      resource_limits: { cpu: { mems } },
      ...recorded(name, mems, cpusetAnnotations),
    }),
  [PIDS_LIMIT]: (most, name, _owner, { pidsAnnotation }) =>
    setting(['--pids-limit', most], {
      resource_limits: { pids: { limit: Number(most) } },
      ...recorded(name, Number(most).toString(), pidsAnnotation),
    }),
  [ULIMIT]: ulimitSetting,
};

/** The annotation in which the command of newer podmans records a flag. */
function recorded(name: string, value: string, isRecorded: boolean): Body {
  return isRecorded ? { annotations: { [name]: value } } : {};
}

/**
 * POSIXRlimit in runtime-spec/specs-go/config.go. Its numbers are unsigned: -1, no limit, is 2^64 - 1 there, which a JSON
 * number of JavaScript cannot express. The command converts it.
 */
function ulimitSetting(limits: string): Setting {
  const flags = limits.split(',').flatMap((one) => ['--ulimit', one]);
  const parsed = limits.split(',').map((one) => {
    const [type = '', amounts = ''] = one.split('=', 2);
    const [soft = NaN, hard = soft] = amounts.split(':', 2).map(Number);
    return { type, soft, hard };
  });
  const isExact = parsed.every(({ soft, hard }) => [soft, hard].every(isUnsigned));
  return isExact ? setting(flags, { r_limits: parsed }) : commandSetting(flags);
}

function isUnsigned(amount: number): boolean {
  return Number.isSafeInteger(amount) && amount >= 0;
}

/** The controller that an annotation needs. */
const CONTROLLERS: Readonly<Record<string, LimitedResource>> = {
  [CPUSET]: 'cpuset',
  [MEMORY_NODES]: 'cpuset',
  [PIDS_LIMIT]: 'pids',
};

/** The settings of a new container for podman's annotations and for devices. */
export function podmanOptionSettings(
  owner: OptionOwner,
  capabilities: PodmanCapabilities,
  without: readonly LimitedResource[] = [],
): readonly Setting[] {
  const { annotations = {}, devices = [] } = owner;
  const isMissing = (name: string) => without.some((resource) => CONTROLLERS[name] === resource);
  return [
    ...Object.entries(annotations).flatMap(([name, value]) => {
      if (isOfRuntime(name))
        return [setting(['--annotation', `${name}=${value}`], { annotations: { [name]: value } })];
      const found = isMissing(name) ? undefined : SETTINGS[name]?.(value, name, owner, capabilities);
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
