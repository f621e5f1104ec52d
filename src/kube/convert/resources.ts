import { defined } from '../../base/defined.ts';
import type { Container, PodSpec, ResourceRequirements } from '../../manifest/schema/generated/kubernetes.ts';
import type { DesiredResources, ResourceAmounts } from '../spec/desired.ts';
import { parseQuantity, thousandths, wholeUnits } from '../spec/quantity.ts';

type Amounts = NonNullable<ResourceRequirements['limits']>;

/**
 * Amounts of CPU and memory. A limit is also the default request; 0 means no limit and no request.
 * https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
 */
export function convertResources({ limits = {}, requests = {} }: ResourceRequirements): DesiredResources {
  return { limits: convertAmounts(limits), requests: convertAmounts({ ...limits, ...requests }) };
}

/**
 * The resources of a pod; undefined if the manifest sets none. A missing request defaults to the sum of the requests
 * of its containers, and without these to the limit of the pod (SetDefaults_Pod in pkg/apis/core/v1/defaults.go).
 * https://kubernetes.io/docs/tasks/configure-pod-container/assign-pod-level-resources/
 */
export function convertPodResources({
  resources,
  initContainers = [],
  containers,
}: PodSpec): DesiredResources | undefined {
  const limits = convertAmounts(resources?.limits ?? {});
  const own = convertAmounts(resources?.requests ?? {});
  if (Object.keys({ ...limits, ...own }).length === 0) return undefined;
  const requestsOf = (some: readonly Container[], resource: keyof ResourceAmounts) =>
    some.map((container) => convertResources(container.resources ?? {}).requests[resource] ?? 0);
  const request = (resource: keyof ResourceAmounts) => {
    const together = requestsOf(containers, resource).reduce((sum, amount) => sum + amount, 0);
    const ofContainers = Math.max(together, ...requestsOf(initContainers, resource));
    return own[resource] ?? (ofContainers > 0 ? ofContainers : limits[resource]);
  };
  const [cpu, memory] = [request('cpu'), request('memory')];
  return {
    limits,
    requests: defined({ cpu, memory }),
  };
}

function convertAmounts(amounts: Amounts): ResourceAmounts {
  const cpu = amount(amounts['cpu'], thousandths);
  const memory = amount(amounts['memory'], wholeUnits);
  return defined({ cpu, memory });
}

function amount(text: string | undefined, unit: typeof wholeUnits): number | undefined {
  const quantity = text === undefined ? undefined : parseQuantity(text);
  const value = quantity === undefined ? 0 : toNumber(unit(quantity));
  return value > 0 ? value : undefined;
}

/** As an exact number, capped at 2^53-1 (8 PiB): no machine has more. */
export function toNumber(amount: bigint): number {
  return Math.min(Number(amount), Number.MAX_SAFE_INTEGER);
}
