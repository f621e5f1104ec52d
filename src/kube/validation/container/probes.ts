import type { FieldPath } from '../../../base/path.ts';
import type { Incomplete } from '../../../manifest/checked-document.ts';
import type { Probe } from '../../../manifest/schema/generated/kubernetes.ts';
import { containersOf, type ContainerObject, type PodObject } from '../../spec/pod-object.ts';
import { checkRange, forbiddenField } from '../fields.ts';
import type { Finding } from '../finding.ts';
import { checkHandler, HOOK_HANDLERS, PROBE_HANDLERS } from './handlers.ts';

export const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;
export const HOOKS = ['postStart', 'preStop'] as const;

/** Not negative; 0 means the default of the field (SetDefaults_Probe in pkg/apis/core/v1). */
const COUNTS = ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'failureThreshold'] as const;

/** Probes and hooks of app containers and sidecars; other init containers have none (validateInitContainers). */
export function* checkProbesAndHooks(pod: PodObject): Iterable<Finding> {
  for (const container of containersOf(pod))
    if (isLongRunning(container)) {
      yield* checkProbes(container, pod);
      yield* checkHooks(container, pod);
    } else if (!pod.isPruned([...container.path, 'restartPolicy'])) yield* checkHasNone(container);
}

function isLongRunning({ role, value }: ContainerObject): boolean {
  return role === 'container' || value.restartPolicy === 'Always';
}

function* checkHasNone({ path, value }: ContainerObject): Iterable<Finding> {
  const { lifecycle } = value;
  for (const probe of PROBES)
    if (value[probe] !== undefined)
      yield forbiddenField(
        [...path, probe],
        "an init container without 'restartPolicy: Always' has no probes",
      );
  // A server drops stopSignal, and a lifecycle with nothing else (dropContainerStopSignals in pkg/api/pod).
  if (
    lifecycle !== undefined &&
    (lifecycle.stopSignal === undefined || HOOKS.some((hook) => lifecycle[hook] !== undefined))
  )
    yield {
      code: 'init-lifecycle',
      path: [...path, 'lifecycle'],
      at: 'key',
      message: "not allowed for an init container, except a sidecar ('restartPolicy: Always')",
    };
}

function* checkProbes({ path, value }: ContainerObject, pod: PodObject): Iterable<Finding> {
  for (const field of PROBES) {
    const probe = value[field];
    if (probe === undefined) continue;
    yield* checkHandler(probe, PROBE_HANDLERS, [...path, field], pod);
    for (const count of COUNTS) yield* checkRange(probe[count], 0, Infinity, [...path, field, count]);
    yield* checkSuccessThreshold(probe, field, [...path, field, 'successThreshold']);
    yield* checkProbeGracePeriod(probe, field, [...path, field, 'terminationGracePeriodSeconds']);
  }
}

function* checkSuccessThreshold(
  { successThreshold = 1 }: Incomplete<Probe>,
  field: string,
  path: FieldPath,
): Iterable<Finding> {
  if (field === 'readinessProbe') yield* checkRange(successThreshold, 0, Infinity, path);
  else if (successThreshold !== 1 && successThreshold !== 0)
    yield { code: 'out-of-range', path, message: `must be 1 for a ${field}, got ${successThreshold}` };
}

function* checkProbeGracePeriod(
  { terminationGracePeriodSeconds: seconds }: Incomplete<Probe>,
  field: string,
  path: FieldPath,
): Iterable<Finding> {
  if (field !== 'readinessProbe') yield* checkRange(seconds, 1, Infinity, path);
  else if (seconds !== undefined)
    yield forbiddenField(path, 'a failed readinessProbe does not stop the container');
}

/** validateLifecycle; its stopSignal is checked by `checkStopSignals`. */
function* checkHooks({ path, value }: ContainerObject, pod: PodObject): Iterable<Finding> {
  for (const hook of HOOKS) {
    const handler = value.lifecycle?.[hook];
    if (handler !== undefined) yield* checkHandler(handler, HOOK_HANDLERS, [...path, 'lifecycle', hook], pod);
  }
}
