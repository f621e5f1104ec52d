import type { FieldPath } from '../../../base/path.ts';
import { suggestion } from '../../../base/suggest.ts';
import type { Finding } from '../finding.ts';
import { labelKeyProblem } from '../names.ts';

/** Built-in resources of a pod and of a container, besides huge pages. */
const OF_PODS = ['cpu', 'memory'];
const OF_CONTAINERS = [...OF_PODS, 'ephemeral-storage'];

export const HUGE_PAGES = 'hugepages-';

export function isHugePages(resource: string): boolean {
  return resource.startsWith(HUGE_PAGES);
}

/** Resources without a domain, or in one of Kubernetes (IsNativeResource in pkg/apis/core/helper). */
function isNative(resource: string): boolean {
  return !resource.includes('/') || resource.includes('kubernetes.io/');
}

/** A resource of a device plugin, counted in whole units. */
export function isExtended(resource: string): boolean {
  return !isNative(resource);
}

/** Whether a request may be less than its limit (IsOvercommitAllowed in pkg/apis/core/helper). */
export function mayOvercommit(resource: string): boolean {
  return isNative(resource) && !isHugePages(resource);
}

/** validateContainerResourceName in pkg/apis/core/validation. */
export function* checkContainerResource(name: string, path: FieldPath): Iterable<Finding> {
  const isKnown = OF_CONTAINERS.includes(name) || isHugePages(name);
  if (!name.includes('/') && !isKnown) yield unknownResource(name, 'container', OF_CONTAINERS, path);
  else yield* checkSyntax(name, path);
}

/** validatePodResourceName in pkg/apis/core/validation. */
export function* checkPodResource(name: string, path: FieldPath): Iterable<Finding> {
  if (OF_PODS.includes(name)) return;
  if (isHugePages(name)) yield* checkSyntax(name, path);
  else if (OF_CONTAINERS.includes(name) || name.includes('/'))
    yield {
      code: 'unknown-resource',
      path,
      at: 'key',
      message: `'${name}' cannot be set for a pod, only for a container: a pod supports cpu, memory and huge pages`,
    };
  else yield unknownResource(name, 'pod', OF_PODS, path);
}

/** What a ResourceQuota counts, without a unit. */
export const COUNTED_RESOURCES: readonly string[] = [
  'configmaps',
  'persistentvolumeclaims',
  'pods',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'services',
  'services.loadbalancers',
  'services.nodeports',
];

const OF_QUOTAS: ReadonlySet<string> = new Set([
  ...OF_CONTAINERS,
  ...[...OF_CONTAINERS, 'storage'].map((name) => `requests.${name}`),
  ...OF_CONTAINERS.map((name) => `limits.${name}`),
  ...COUNTED_RESOURCES,
]);

/** A built-in resource that a ResourceQuota limits (IsStandardQuotaResourceName in pkg/apis/core/helper). */
export function isQuotaResource(name: string): boolean {
  return OF_QUOTAS.has(name) || isHugePages(name) || name.startsWith(`requests.${HUGE_PAGES}`);
}

/** ValidateResourceQuotaResourceName in pkg/apis/core/validation. */
export function* checkQuotaResource(name: string, path: FieldPath): Iterable<Finding> {
  const message = labelKeyProblem(name);
  if (message !== undefined) yield { code: 'unknown-resource', path, at: 'key', message };
  else if (!name.includes('/') && !isQuotaResource(name))
    yield unknownResource(name, 'quota', [...OF_QUOTAS], path);
}

/** validateResourceName in pkg/apis/core/validation: what a quota limits, or the storage of a claim. */
export function* checkAnyResource(name: string, path: FieldPath): Iterable<Finding> {
  if (name !== 'storage') yield* checkQuotaResource(name, path);
}

/** The quota of an extended resource has a name, too: it begins with 'requests.' (IsExtendedResourceName). */
function* checkSyntax(name: string, path: FieldPath): Iterable<Finding> {
  const quota = isExtended(name) ? `requests.${name}` : name;
  const message =
    labelKeyProblem(name) ??
    (isExtended(name) && name.startsWith('requests.')
      ? `'${name}' must not begin with 'requests.', the prefix of quotas`
      : labelKeyProblem(quota));
  if (message !== undefined) yield { code: 'unknown-resource', path, at: 'key', message };
}

function unknownResource(
  name: string,
  whose: 'pod' | 'container' | 'quota',
  known: readonly string[],
  path: FieldPath,
): Finding {
  return {
    code: 'unknown-resource',
    path,
    at: 'key',
    message: `unknown resource '${name}' of a ${whose}`,
    ...suggestion(name, known),
  };
}
