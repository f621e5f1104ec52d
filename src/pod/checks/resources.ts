import type { FieldPath } from '../../base/path.ts';
import { suggest } from '../../base/suggest.ts';
import type { Finding } from '../finding.ts';
import { containersOf, type PodObject } from '../pod-object.ts';
import { checkAmount } from '../quantity-field.ts';
import { compareQuantities, parseQuantity } from '../quantity.ts';

/** Resources that Kubernetes knows of itself and that a container can ask for, besides huge pages. */
const ofContainers = ['cpu', 'memory', 'ephemeral-storage'];

/** https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/ */
export function* checkResources(pod: PodObject): Iterable<Finding> {
  for (const { path, value } of containersOf(pod)) {
    const { limits = {}, requests = {} } = value.resources ?? {};
    yield* checkAmounts(limits, [...path, 'resources', 'limits']);
    yield* checkAmounts(requests, [...path, 'resources', 'requests']);
    for (const [name, request = ''] of Object.entries(requests))
      if (isLess(limits[name], request))
        yield {
          code: 'request-over-limit',
          path: [...path, 'resources', 'requests', name],
          message: `must not be more than the limit of ${limits[name] ?? ''}, got ${request}`,
        };
  }
}

function isLess(limit: string | undefined, request: string): boolean {
  const [most, asked] = [limit === undefined ? undefined : parseQuantity(limit), parseQuantity(request)];
  return most !== undefined && asked !== undefined && compareQuantities(most, asked) < 0;
}

function* checkAmounts(
  amounts: Readonly<Record<string, string | undefined>>,
  path: FieldPath,
): Iterable<Finding> {
  for (const [name, amount = ''] of Object.entries(amounts)) {
    const at = [...path, name];
    yield* checkAmount(name === 'cpu' ? 'cpu' : 'memory', amount, at);
    yield* checkResourceName(name, at);
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
      code: 'not-supported-yet',
      path,
      at: 'key',
      message: 'not supported yet: huge pages are not handed out',
    };
  else if (name.includes('/'))
    yield {
      code: 'not-supported',
      path,
      at: 'key',
      message: 'not supported: such devices are handed out by the plugins of a cluster',
    };
  else {
    const suggestion = suggest(name, ofContainers);
    yield {
      code: 'unknown-resource',
      path,
      at: 'key',
      message: `'${name}' is no resource that a container can ask for`,
      ...(suggestion === undefined ? {} : { suggestion }),
    };
  }
}
