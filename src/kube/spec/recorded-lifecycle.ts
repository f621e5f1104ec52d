import { isObject, type JsonObject } from '../../base/json-members.ts';
import { GRPC_DEFAULTS, HTTP_GET_DEFAULTS, PROBE_DEFAULTS } from './defaults.ts';
import type { ContainerLifecycle } from './probe.ts';
import type { Settings } from './settings.ts';

/** The settings of a container that a kubelet acts on. A record has them whole, so that they can be carried out. */
export const LIFECYCLE_SETTINGS = [
  'startupProbe',
  'readinessProbe',
  'livenessProbe',
  'postStart',
  'preStop',
  'ownRestartPolicy',
  'restartPolicyRules',
] as const satisfies readonly (keyof ContainerLifecycle)[];

/** Decodes the probes, hooks and restart rules of `containerSettings`, with the defaults that it omits. */
export function lifecycleOf(settings: Settings): ContainerLifecycle {
  const members = LIFECYCLE_SETTINGS.flatMap((name) => {
    const value = settings[name];
    if (value === undefined) return [];
    return [[name, isObject(value) ? withDefaults(value, name.endsWith('Probe')) : value] as const];
  });
  // podpose has written the record: its members have the types of `ContainerLifecycle`.
  return Object.fromEntries(members);
}

/** Of a probe or a hook. */
function withDefaults({ httpGet, grpc, ...others }: JsonObject, isProbe: boolean): JsonObject {
  return {
    ...(isProbe ? PROBE_DEFAULTS : {}),
    ...others,
    ...(isObject(httpGet) ? { httpGet: { ...HTTP_GET_DEFAULTS, httpHeaders: [], ...httpGet } } : {}),
    ...(isObject(grpc) ? { grpc: { ...GRPC_DEFAULTS, ...grpc } } : {}),
  };
}
