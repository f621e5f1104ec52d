import { isObject, listOf, type JsonObject } from '../base/json-members.ts';
import { memoize } from '../base/memoize.ts';
import { stableJson, type Json } from '../base/stable-json.ts';
import { INIT_RESTART_POLICY, MOUNT_DEFAULTS, POD_DEFAULTS } from '../kube/spec/defaults.ts';
import type {
  DesiredContainer,
  DesiredMount,
  DesiredSandbox,
  HostPort,
  RestartPolicy,
} from '../kube/spec/desired.ts';
import type { Settings } from '../kube/spec/settings.ts';
import { decodeSpec, digestLongTexts, FORMAT, LABEL } from './labels.ts';

type Labels = Readonly<Record<string, string>>;

/** The last-applied record of a container, decoded from the label `podpose.spec`. Absent members have their defaults. */
export interface LastAppliedContainer {
  /** The record as stored, for comparison: without default values, and with digests for long texts. */
  readonly settings: Settings;
  readonly volumeMounts: readonly LastAppliedMount[];
  readonly restartPolicy: RestartPolicy;
  /** Seconds. */
  readonly terminationGracePeriodSeconds: number;
  readonly terminationMessagePolicy?: NonNullable<DesiredContainer['terminationMessagePolicy']>;
}

export interface LastAppliedMount {
  /** Name of the volume in the pod. */
  readonly name: string;
  /** In the form of `containerSettings`. */
  readonly source: JsonObject;
  readonly subPath?: string;
}

/** The last-applied record of a pod. */
export interface LastAppliedPod {
  /** As in `LastAppliedContainer`. */
  readonly settings: Settings;
  readonly hostPorts: readonly LastAppliedPort[];
}

export type LastAppliedPort = Pick<HostPort, 'hostIP' | 'hostPort' | 'containerPort' | 'protocol'>;

/**
 * Decodes the record of a container. Undefined if the label is missing, edited or from a newer podpose. A member of the
 * wrong type counts as absent.
 */
export function lastAppliedContainer(labels: Labels): LastAppliedContainer | undefined {
  const decoded = decodeSpec(labels);
  if (!decoded.ok) return undefined;
  const settings = decoded.value;
  const { restartPolicy, terminationGracePeriodSeconds: seconds, terminationMessagePolicy } = settings;
  const isInit = labels[LABEL.role] === 'init';
  return {
    settings,
    volumeMounts: mountsIn(settings),
    restartPolicy: isRestartPolicy(restartPolicy)
      ? restartPolicy
      : isInit
        ? INIT_RESTART_POLICY
        : POD_DEFAULTS.restartPolicy,
    terminationGracePeriodSeconds:
      typeof seconds === 'number' ? seconds : POD_DEFAULTS.terminationGracePeriodSeconds,
    ...(terminationMessagePolicy === 'FallbackToLogsOnError' ? { terminationMessagePolicy } : {}),
  };
}

/** Decodes the record of a pod. */
export function lastAppliedPod(labels: Labels): LastAppliedPod | undefined {
  const decoded = decodeSpec(labels);
  if (!decoded.ok) return undefined;
  const settings = decoded.value;
  const spec = settings['spec'];
  return { settings, hostPorts: listOf(isObject(spec) ? spec['hostPorts'] : undefined).flatMap(decodePort) };
}

/** The part of the sandbox that the start of a pod needs. */
export function lastAppliedSandbox(
  labels: Labels,
): Pick<DesiredSandbox, 'hostNetwork' | 'hostAliases' | 'userns'> {
  const { spec } = lastAppliedSettings(labels);
  const { hostNetwork, hostAliases, userns } = isObject(spec) ? spec : {};
  return {
    hostNetwork: hostNetwork === true,
    // Written by podSettings.
    hostAliases: (hostAliases ?? []) as unknown as DesiredSandbox['hostAliases'],
    ...(typeof userns === 'string' ? { userns } : {}),
  };
}

/** The mounts of a container, with their defaults. The sources of volumes with files have digests instead of texts. */
export function lastAppliedMounts(labels: Labels): readonly DesiredMount[] {
  const { volumeMounts } = lastAppliedSettings(labels);
  // Written by containerSettings.
  return listOf(volumeMounts).map((mount) => ({ ...MOUNT_DEFAULTS, ...(mount as unknown as DesiredMount) }));
}

/** The restart policy in the settings of an app container. */
export function recordedRestartPolicy({ restartPolicy }: Settings): RestartPolicy {
  return isRestartPolicy(restartPolicy) ? restartPolicy : POD_DEFAULTS.restartPolicy;
}

/** The activeDeadlineSeconds of the pod in the settings of a container; undefined without. */
export function recordedDeadline({ settings }: Pick<LastAppliedContainer, 'settings'>): number | undefined {
  const { activeDeadlineSeconds: seconds } = settings;
  return typeof seconds === 'number' ? seconds : undefined;
}

/** Whether an existing container is a sidecar: its role is `init`, and its record has the restart policy Always. */
export function isSidecarRecord(labels: Labels): boolean {
  return labels[LABEL.role] === 'init' && lastAppliedSettings(labels)['restartPolicy'] === 'Always';
}

/** The stored settings of a pod or container; empty if they cannot be read. */
export function lastAppliedSettings(labels: Labels): Settings {
  const decoded = decodeSpec(labels);
  return decoded.ok ? decoded.value : {};
}

/** Settings of a manifest in the form of the label, for comparison with stored ones. */
export const asStored = memoize((settings: Settings): Settings => {
  const stored = digestLongTexts(settings);
  return isObject(stored) ? (stored as Settings) : {};
});

/** Whether labels have these settings, without decoding them. Labels of another format may have them, too. */
export function hasStored(labels: Labels, settings: Settings): boolean {
  return labels[LABEL.format] === String(FORMAT) && labels[LABEL.spec] === storedText(settings);
}

const storedText = memoize((settings: Settings): string => stableJson(asStored(settings)));

/** The mounts in the stored settings of a container. */
export function mountsIn(settings: Settings): readonly LastAppliedMount[] {
  return listOf(settings['volumeMounts']).flatMap(decodeMount);
}

function decodeMount(mount: Json): readonly LastAppliedMount[] {
  if (!isObject(mount)) return [];
  const { name, source, subPath } = mount;
  if (typeof name !== 'string' || !isObject(source)) return [];
  return [{ name, source, ...(typeof subPath === 'string' ? { subPath } : {}) }];
}

/** A published port as recorded; nothing for any other value. */
export function decodePort(port: Json): readonly LastAppliedPort[] {
  if (!isObject(port)) return [];
  const { hostIP, hostPort, containerPort, protocol } = port;
  if (typeof hostIP !== 'string' || typeof hostPort !== 'number' || typeof containerPort !== 'number')
    return [];
  return isProtocol(protocol) ? [{ hostIP, hostPort, containerPort, protocol }] : [];
}

function isRestartPolicy(value: Json | undefined): value is RestartPolicy {
  return value === 'Always' || value === 'OnFailure' || value === 'Never';
}

function isProtocol(value: Json | undefined): value is HostPort['protocol'] {
  return value === 'TCP' || value === 'UDP' || value === 'SCTP';
}
