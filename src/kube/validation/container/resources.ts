import { defined } from '../../../base/defined.ts';
import type { FieldPath } from '../../../base/path.ts';
import { suggest } from '../../../base/suggest.ts';
import type { Finding } from '../finding.ts';
import { containersOf, type PodObject } from '../../spec/pod-object.ts';
import { checkAmount } from '../../spec/quantity-field.ts';
import { compareQuantities, parseQuantity } from '../../spec/quantity.ts';

interface Requirements {
  readonly limits?: Readonly<Record<string, string | undefined>> | undefined;
  readonly requests?: Readonly<Record<string, string | undefined>> | undefined;
}

/** Built-in resources of a container or a pod, besides huge pages. */
const ofPods = ['cpu', 'memory'];
const ofContainers = [...ofPods, 'ephemeral-storage'];

/** https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/ */
export function* checkResources(pod: PodObject): Iterable<Finding> {
  for (const { path, value } of containersOf(pod))
    yield* checkRequirements(value.resources ?? {}, [...path, 'resources'], checkResourceName);
  const { resources } = pod.value.spec ?? {};
  if (resources === undefined) return;
  yield* checkRequirements(resources, ['spec', 'resources'], checkPodResourceName);
  yield* checkWithinPod(pod, resources);
}

function* checkRequirements(
  { limits = {}, requests = {} }: Requirements,
  path: FieldPath,
  checkName: (name: string, path: FieldPath) => Iterable<Finding>,
): Iterable<Finding> {
  yield* checkAmounts(limits, [...path, 'limits'], checkName);
  yield* checkAmounts(requests, [...path, 'requests'], checkName);
  for (const [name, request = ''] of Object.entries(requests))
    if (isLess(limits[name], request))
      yield {
        code: 'request-over-limit',
        path: [...path, 'requests', name],
        message: `must not exceed the limit of ${limits[name] ?? ''}, got ${request}`,
      };
}

/**
 * The limits of a container stay within those of its pod, and the sum of all requests within the pod's
 * requests (validatePodResources in pkg/apis/core/validation).
 */
function* checkWithinPod(pod: PodObject, { limits = {}, requests = {} }: Requirements): Iterable<Finding> {
  for (const { path, value } of containersOf(pod))
    for (const [name, limit = ''] of Object.entries(value.resources?.limits ?? {}))
      if (isLess(limits[name], limit))
        yield {
          code: 'limit-over-pod-limit',
          path: [...path, 'resources', 'limits', name],
          message: `must not exceed the limit of the pod, ${limits[name] ?? ''}, got ${limit}`,
        };
  for (const [name, request = ''] of Object.entries(requests)) {
    const most = parseQuantity(request);
    const asked = (pod.value.spec?.containers ?? []).map(({ resources }) =>
      parseQuantity(resources?.requests?.[name] ?? resources?.limits?.[name] ?? '0'),
    );
    const together = asked.reduce((sum, quantity) => sum + (quantity?.nanos ?? 0n), 0n);
    if (most !== undefined && together > most.nanos)
      yield {
        code: 'requests-over-pod-request',
        path: ['spec', 'resources', 'requests', name],
        message: `must not be less than the sum of the containers' requests, got ${request}`,
      };
  }
}

/** Pod-level resources besides huge pages (IsSupportedPodLevelResource in component-helpers/resource). */
function* checkPodResourceName(name: string, path: FieldPath): Iterable<Finding> {
  if (ofPods.includes(name)) return;
  if (name.startsWith('hugepages-')) yield* checkResourceName(name, path);
  else if (ofContainers.includes(name) || name.includes('/'))
    yield {
      code: 'unknown-resource',
      path,
      at: 'key',
      message: `'${name}' cannot be set for a pod, only for a container: a pod supports cpu, memory and huge pages`,
    };
  else yield unknownResource(name, 'pod', ofPods, path);
}

function unknownResource(
  name: string,
  whose: 'pod' | 'container',
  known: readonly string[],
  path: FieldPath,
): Finding {
  const suggestion = suggest(name, known);
  return {
    code: 'unknown-resource',
    path,
    at: 'key',
    message: `unknown resource '${name}' of a ${whose}`,
    ...defined({ suggestion }),
  };
}

function isLess(limit: string | undefined, request: string): boolean {
  const [most, asked] = [limit === undefined ? undefined : parseQuantity(limit), parseQuantity(request)];
  return most !== undefined && asked !== undefined && compareQuantities(most, asked) < 0;
}

function* checkAmounts(
  amounts: Readonly<Record<string, string | undefined>>,
  path: FieldPath,
  checkName: (name: string, path: FieldPath) => Iterable<Finding>,
): Iterable<Finding> {
  for (const [name, amount = ''] of Object.entries(amounts)) {
    const at = [...path, name];
    yield* checkAmount(name === 'cpu' ? 'cpu' : 'memory', amount, at);
    yield* checkName(name, at);
  }
}

function* checkResourceName(name: string, path: FieldPath): Iterable<Finding> {
  if (name === 'cpu' || name === 'memory') return;
  if (name === 'ephemeral-storage')
    yield {
      code: 'ignored',
      severity: 'warning',
      path,
      at: 'key',
      message: 'ignored: podpose cannot limit the disk space of a container',
    };
  else if (name.startsWith('hugepages-'))
    yield {
      code: 'not-supported',
      path,
      at: 'key',
      message: 'not supported: podman cannot limit or reserve huge pages',
    };
  else if (name.includes('/'))
    yield {
      code: 'not-supported',
      path,
      at: 'key',
      message: 'not supported: extended resources need a device plugin of a cluster',
    };
  else yield unknownResource(name, 'container', ofContainers, path);
}
