import { isObject } from '../../base/json-members.ts';
import { compareTexts } from '../../base/text.ts';
import {
  CONTAINER_DEFAULTS,
  INIT_RESTART_POLICY,
  MOUNT_DEFAULTS,
  POD_DEFAULTS,
  SECURITY_DEFAULTS,
} from './defaults.ts';
import { digest } from '../../base/digest.ts';
import { stableJson, type Json } from '../../base/stable-json.ts';
import type { DesiredContainer, DesiredMount, DesiredPod } from './desired.ts';
import { rememberedSource } from './file-digests.ts';

/**
 * The part of a desired pod or container that what runs can differ in. It is remembered with what runs,
 * and compared field by field when the manifest is applied again.
 *
 * Whatever is as it is by default is left out: it keeps the memory short, and a field that a later release
 * adds does not make everything that an earlier one has made look different.
 */
export type Settings = Readonly<Record<string, Json>>;

/** What the infra container is made from. A difference means that the pod has to be recreated. */
export function podSettings(pod: DesiredPod): Settings {
  return withoutDefaults(
    {
      metadata: { labels: pod.labels, annotations: pod.annotations },
      // Which container declares a port is of no consequence: they share one network.
      spec: {
        ...pod.sandbox,
        fsGroup: pod.fsGroup,
        hostPorts: pod.sandbox.hostPorts.map(({ container: _, portName: _name, ...port }) => port),
      },
    },
    {
      metadata: { labels: {}, annotations: {} },
      spec: {
        hostname: pod.name,
        hostNetwork: POD_DEFAULTS.hostNetwork,
        hostPID: POD_DEFAULTS.hostPID,
        hostIPC: POD_DEFAULTS.hostIPC,
        shareProcessNamespace: POD_DEFAULTS.shareProcessNamespace,
        hostPorts: [],
        hostAliases: [],
        dnsPolicy: POD_DEFAULTS.dnsPolicy,
        dnsConfig: { nameservers: [], searches: [], options: [] },
      },
    },
  );
}

/**
 * What a container is made from. Its name and role are not in it, for they say which container it is; nor
 * is its pull policy, which says how to get an image and not what runs.
 */
export function containerSettings(container: DesiredContainer): Settings {
  const { name: _name, role: _role, imagePullPolicy: _policy, volumeMounts, ...settings } = container;
  return withoutDefaults(
    { ...settings, volumeMounts: volumeMounts.map(mountSettings) },
    {
      env: [],
      volumeMounts: [],
      resources: { limits: {}, requests: {} },
      securityContext: {
        privileged: SECURITY_DEFAULTS.privileged,
        readOnlyRootFilesystem: SECURITY_DEFAULTS.readOnlyRootFilesystem,
        capabilities: { add: [], drop: [] },
      },
      stdin: CONTAINER_DEFAULTS.stdin,
      tty: CONTAINER_DEFAULTS.tty,
      restartPolicy: container.role === 'init' ? INIT_RESTART_POLICY : POD_DEFAULTS.restartPolicy,
      terminationGracePeriodSeconds: POD_DEFAULTS.terminationGracePeriodSeconds,
    },
  );
}

function mountSettings(mount: DesiredMount): Settings {
  // As with the image of the container.
  const { pullPolicy: _policy, ...source } = { pullPolicy: undefined, ...rememberedSource(mount) };
  return withoutDefaults({ ...mount, source }, MOUNT_DEFAULTS);
}

/**
 * The fingerprint of a pod's init containers: another one means that what they prepared is not what the
 * containers need now. Absent for a pod that has none.
 */
export function initChainFingerprint({ initContainers }: DesiredPod): string | undefined {
  if (initContainers.length === 0) return undefined;
  const chain = initContainers.map(({ env, volumeMounts, ...container }) => {
    // These mean the same in any order.
    const sorted = { env: sortedBy(env, 'name'), volumeMounts: sortedBy(volumeMounts, 'mountPath') };
    return [container.name, containerSettings({ ...container, ...sorted })];
  });
  return digest(stableJson(chain));
}

function sortedBy<K extends string, T extends Readonly<Record<K, string>>>(
  list: readonly T[],
  key: K,
): readonly T[] {
  return [...list].sort((a, b) => compareTexts(a[key], b[key]));
}

type Members = Readonly<Record<string, unknown>>;

function withoutDefaults(value: object, defaults: Members): Settings {
  const kept: Record<string, Json> = {};
  for (const [name, member] of Object.entries(value) as [string, unknown][]) {
    const byDefault = defaults[name];
    if (member === undefined || isSame(member, byDefault)) continue;
    kept[name] =
      isObject(member) && isObject(byDefault) ? withoutDefaults(member, byDefault) : (member as Json);
  }
  return kept;
}

function isSame(member: unknown, byDefault: unknown): boolean {
  return typeof member === 'object' && typeof byDefault === 'object'
    ? stableJson(member) === stableJson(byDefault)
    : member === byDefault;
}
