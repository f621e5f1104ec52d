import { digest } from '../../base/digest.ts';
import { isObject } from '../../base/json-members.ts';
import { stableJson, type Json } from '../../base/stable-json.ts';
import type { PodTemplateSpec } from '../../manifest/schema/generated/kubernetes.ts';
import type { Incomplete } from '../../manifest/checked-document.ts';
import {
  CONTAINER_DEFAULTS,
  DEFAULT_FILE_MODE,
  DEFAULT_HOST_PATH_TYPE,
  DEFAULT_PROTOCOL,
  HTTP_GET_DEFAULTS,
  POD_DEFAULTS,
  PROBE_DEFAULTS,
} from '../spec/defaults.ts';
import { parseQuantity } from '../spec/quantity.ts';
import { isEntry, type SupportNode } from '../support/entry.ts';
import { podTable } from '../support/pod-table.ts';

/** Hexadecimal digits. */
const LENGTH = 5;

/**
 * A short hash of a template. A default that is written out, another notation of a quantity, or a field without effect here
 * does not change it.
 */
export function templateHash({ metadata, spec }: Incomplete<PodTemplateSpec>): string {
  const { labels = {}, annotations = {} } = metadata ?? {};
  const template: unknown = { metadata: { labels, annotations }, spec: spec ?? {} };
  const canonical = reduced(template, podTable, DEFAULTS) ?? {};
  return digest(stableJson(canonical)).slice('sha256:'.length).slice(0, LENGTH);
}

interface Defaults {
  readonly [field: string]: Json | Defaults;
}

const handler: Defaults = { httpGet: HTTP_GET_DEFAULTS, grpc: { service: '' } };
const probe: Defaults = { ...PROBE_DEFAULTS, ...handler };
const optional: Defaults = { optional: false };
const files: Defaults = { defaultMode: DEFAULT_FILE_MODE, optional: false };

const container: Defaults = {
  env: {
    valueFrom: {
      configMapKeyRef: optional,
      secretKeyRef: optional,
      fileKeyRef: optional,
      resourceFieldRef: { divisor: '0' },
    },
  },
  envFrom: { configMapRef: optional, secretRef: optional },
  lifecycle: { postStart: handler, preStop: handler },
  livenessProbe: probe,
  ports: { protocol: DEFAULT_PROTOCOL, hostPort: 0 },
  readinessProbe: probe,
  securityContext: { privileged: false, procMount: 'Default', readOnlyRootFilesystem: false },
  startupProbe: probe,
  stdin: CONTAINER_DEFAULTS.stdin,
  terminationMessagePath: CONTAINER_DEFAULTS.terminationMessagePath,
  terminationMessagePolicy: CONTAINER_DEFAULTS.terminationMessagePolicy,
  tty: CONTAINER_DEFAULTS.tty,
  volumeMounts: { mountPropagation: 'None', readOnly: false, recursiveReadOnly: 'Disabled' },
};

const { namespace: _namespace, serviceAccountName: _account, ...podDefaults } = POD_DEFAULTS;

const DEFAULTS: Defaults = {
  spec: {
    ...podDefaults,
    containers: container,
    initContainers: container,
    setHostnameAsFQDN: false,
    volumes: {
      configMap: files,
      downwardAPI: { defaultMode: DEFAULT_FILE_MODE },
      hostPath: { type: DEFAULT_HOST_PATH_TYPE },
      persistentVolumeClaim: { readOnly: false },
      projected: {
        defaultMode: DEFAULT_FILE_MODE,
        sources: { configMap: optional, secret: optional },
      },
      secret: files,
    },
  },
};

/** A value without what does not matter; undefined for nothing. */
function reduced(
  value: unknown,
  node: SupportNode | undefined,
  defaults: Json | Defaults | undefined,
): Json | undefined {
  if (Array.isArray(value)) {
    const items = value.map((item) => reduced(item, node, defaults) ?? {});
    return items.length === 0 ? undefined : items;
  }
  if (!isObject(value)) return value === defaults || value === '' ? undefined : (value as Json);
  const kept: Record<string, Json> = {};
  for (const [name, member] of Object.entries(value)) {
    const row = node === undefined || isEntry(node) ? undefined : node[name];
    // How an image is pulled does not affect the pod.
    if (name === 'imagePullPolicy' || (row !== undefined && isEntry(row) && row.support !== 'used')) continue;
    const byDefault = isObject(defaults) ? defaults[name] : undefined;
    const rest =
      name === 'resources' && row !== undefined
        ? amounts(member)
        : reduced(member, row ?? (node !== undefined && isEntry(node) ? node : undefined), byDefault);
    if (rest !== undefined) kept[name] = rest;
  }
  return Object.keys(kept).length === 0 ? undefined : kept;
}

/** Resources in one notation; a request defaults to the limit. */
function amounts(resources: unknown): Json | undefined {
  const { limits, requests } = isObject(resources) ? resources : {};
  const [most, least] = [quantities(limits), quantities(requests)];
  const lower = Object.entries(least).filter(([name, amount]) => most[name] !== amount);
  if (Object.keys(most).length + lower.length === 0) return undefined;
  return { limits: most, requests: Object.fromEntries(lower) };
}

function quantities(list: unknown): Readonly<Record<string, string>> {
  if (!isObject(list)) return {};
  const entries = Object.entries(list).map(([name, amount]): readonly [string, string] => {
    const text = String(amount);
    return [name, parseQuantity(text)?.nanos.toString() ?? text];
  });
  return Object.fromEntries(entries);
}
