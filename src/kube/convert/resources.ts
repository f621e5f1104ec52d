import type { Container, PodSpec, ResourceRequirements } from '../../manifest/schema/generated/kubernetes.ts';
import type { DesiredResources, ResourceAmounts } from '../spec/desired.ts';
import { parseQuantity, thousandths, wholeUnits } from '../spec/quantity.ts';

type Amounts = NonNullable<ResourceRequirements['limits']>;

/**
 * Amounts of CPU and memory. A limit without a request is a request too; an amount of 0 limits and asks for
 * nothing. https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
 */
export function convertResources({ limits = {}, requests = {} }: ResourceRequirements): DesiredResources {
  return { limits: convertAmounts(limits), requests: convertAmounts({ ...limits, ...requests }) };
}

/**
 * The amounts of a whole pod. What it does not request itself is what its containers request, and where they
 * request nothing its limit (SetDefaults_Pod in pkg/apis/core/v1/defaults.go). Absent where the manifest
 * gives the pod none. https://kubernetes.io/docs/tasks/configure-pod-container/assign-pod-level-resources/
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
    requests: { ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) },
  };
}

function convertAmounts(amounts: Amounts): ResourceAmounts {
  const cpu = amount(amounts['cpu'], thousandths);
  const memory = amount(amounts['memory'], wholeUnits);
  return { ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) };
}

function amount(text: string | undefined, unit: typeof wholeUnits): number | undefined {
  const quantity = text === undefined ? undefined : parseQuantity(text);
  const value = quantity === undefined ? 0 : toNumber(unit(quantity));
  return value > 0 ? value : undefined;
}

/** As a number that is exact. No machine has more than what is cut off: 8 PiB, or as many cores. */
export function toNumber(amount: bigint): number {
  return Math.min(Number(amount), Number.MAX_SAFE_INTEGER);
}
