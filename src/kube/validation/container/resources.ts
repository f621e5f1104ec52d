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

/** Resources that Kubernetes knows of itself and that a container, or a pod as a whole, can ask for, besides huge pages. */
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
        message: `must not be more than the limit of ${limits[name] ?? ''}, got ${request}`,
      };
}

/**
 * What a container may use is part of what its pod may use, and what all of them request together is part of what it
 * requests (validatePodResources in pkg/apis/core/validation).
 */
function* checkWithinPod(pod: PodObject, { limits = {}, requests = {} }: Requirements): Iterable<Finding> {
  for (const { path, value } of containersOf(pod))
    for (const [name, limit = ''] of Object.entries(value.resources?.limits ?? {}))
      if (isLess(limits[name], limit))
        yield {
          code: 'limit-over-pod-limit',
          path: [...path, 'resources', 'limits', name],
          message: `must not be more than the limit of the pod, ${limits[name] ?? ''}, got ${limit}`,
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
        message: `must not be less than what the containers request together, got ${request}`,
      };
  }
}

/** A pod as a whole is given these only, and huge pages (IsSupportedPodLevelResource in component-helpers/resource). */
function* checkPodResourceName(name: string, path: FieldPath): Iterable<Finding> {
  if (ofPods.includes(name)) return;
  if (name.startsWith('hugepages-')) yield* checkResourceName(name, path);
  else if (ofContainers.includes(name) || name.includes('/'))
    yield {
      code: 'unknown-resource',
      path,
      at: 'key',
      message: `'${name}' is given to containers, not to a pod: only cpu, memory and huge pages are`,
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
    message: `'${name}' is no resource that a ${whose} can ask for`,
    ...(suggestion === undefined ? {} : { suggestion }),
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
      message: 'ignored: the disk space of a container cannot be limited here',
    };
  else if (name.startsWith('hugepages-'))
    yield {
      code: 'not-supported',
      path,
      at: 'key',
      message: 'not supported: podman cannot limit huge pages, nor hand them out',
    };
  else if (name.includes('/'))
    yield {
      code: 'not-supported',
      path,
      at: 'key',
      message: 'not supported: such devices are handed out by the plugins of a cluster',
    };
  else yield unknownResource(name, 'container', ofContainers, path);
}
