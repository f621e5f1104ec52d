import { isObject } from '../../base/json-members.ts';
import { compareTexts } from '../../base/text.ts';
import {
  CONTAINER_DEFAULTS,
  GRPC_DEFAULTS,
  HTTP_GET_DEFAULTS,
  INIT_RESTART_POLICY,
  MOUNT_DEFAULTS,
  POD_DEFAULTS,
  PROBE_DEFAULTS,
  SECURITY_DEFAULTS,
} from './defaults.ts';
import { memoize } from '../../base/memoize.ts';
import { digest } from '../../base/digest.ts';
import { stableJson, type Json } from '../../base/stable-json.ts';
import { isSecretWord } from './container-secrets.ts';
import type { DesiredContainer, DesiredMount, DesiredPod, SecretWord, Text, Word } from './desired.ts';
import { recordedSource } from './file-digests.ts';
import { objectName } from './qualified-name.ts';
import { isSidecar } from './restart-policy.ts';

/**
 * The settings of a desired pod or container that are recorded in its labels when it is created, and compared field
 * by field when the manifest is applied again.
 * Fields with default values are omitted: this keeps the labels short, and a field added by a later release does not
 * make existing pods differ.
 */
export type Settings = Readonly<Record<string, Json>>;

/** The settings of the infra container. A change requires a new pod. */
export const podSettings = memoize((pod: DesiredPod): Settings =>
  withoutDefaults(
    {
      metadata: { labels: pod.labels, annotations: pod.annotations },
      // All containers share one network, so it does not matter which of them declares a port.
      spec: {
        ...pod.sandbox,
        fsGroup: pod.fsGroup,
        hostPorts: pod.sandbox.hostPorts.map(({ container: _, portName: _name, ...port }) => port),
      },
    },
    {
      metadata: { labels: {}, annotations: {} },
      spec: {
        hostname: objectName(pod.name).name,
        namespace: POD_DEFAULTS.namespace,
        hostNetwork: POD_DEFAULTS.hostNetwork,
        hostPID: POD_DEFAULTS.hostPID,
        hostIPC: POD_DEFAULTS.hostIPC,
        shareProcessNamespace: POD_DEFAULTS.shareProcessNamespace,
        hostPorts: [],
        hostAliases: [],
        dnsPolicy: pod.sandbox.hostNetwork ? 'Default' : POD_DEFAULTS.dnsPolicy,
        dnsConfig: { nameservers: [], searches: [], options: [] },
      },
    },
  ),
);

/**
 * The settings of a container. Its name and role identify it and are not settings; its pull policy does not affect
 * how it runs.
 */
export const containerSettings = memoize((container: DesiredContainer): Settings => {
  const { name: _name, role: _role, imagePullPolicy: _policy, declared: _declared, ...settings } = container;
  const { command, args, volumeMounts } = settings;
  return withoutDefaults(
    {
      ...settings,
      command: command?.map(wordSettings),
      args: args?.map(wordSettings),
      volumeMounts: volumeMounts.map(mountSettings),
    },
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
      startupProbe: RECORDED_PROBE,
      readinessProbe: RECORDED_PROBE,
      livenessProbe: RECORDED_PROBE,
      postStart: RECORDED_HOOK,
      preStop: RECORDED_HOOK,
    },
  );
});

const RECORDED_HOOK: Members = { httpGet: { ...HTTP_GET_DEFAULTS, httpHeaders: [] } };
const RECORDED_PROBE: Members = { ...PROBE_DEFAULTS, ...RECORDED_HOOK, grpc: GRPC_DEFAULTS };

/** Only the value of a secret word matters, not how the manifest refers to it. */
function wordSettings(word: Word): Text | Pick<SecretWord, 'secret'> {
  return isSecretWord(word) ? { secret: word.secret } : word;
}

function mountSettings(mount: DesiredMount): Settings {
  // The pull policy of an image volume is omitted, too.
  const { pullPolicy: _policy, ...source } = { pullPolicy: undefined, ...recordedSource(mount) };
  return withoutDefaults({ ...mount, source }, MOUNT_DEFAULTS);
}

/**
 * The digest of the init containers. If it changes, their results are outdated and the init containers run again.
 * Sidecars have no results: a changed one is replaced alone, as on a cluster (computeInitContainerActions in
 * pkg/kubelet/kuberuntime/kuberuntime_container.go). Undefined for a pod without other init containers.
 */
export function initChainFingerprint({ initContainers }: DesiredPod): string | undefined {
  const initializing = initContainers.filter((container) => !isSidecar(container));
  if (initializing.length === 0) return undefined;
  const chain = initializing.map(({ env, volumeMounts, ...container }) => {
    // The order of these lists has no effect.
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
