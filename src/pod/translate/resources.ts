import type { ResourceRequirements } from '../../manifest/generated/kubernetes.ts';
import type { DesiredResources, ResourceAmounts } from '../desired.ts';
import { parseQuantity, thousandths, wholeUnits } from '../quantity.ts';

type Amounts = NonNullable<ResourceRequirements['limits']>;

/**
 * Amounts of CPU and memory. A limit without a request is a request too; an amount of 0 limits and asks for
 * nothing. https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
 */
export function translateResources({ limits = {}, requests = {} }: ResourceRequirements): DesiredResources {
  return { limits: translateAmounts(limits), requests: translateAmounts({ ...limits, ...requests }) };
}

function translateAmounts(amounts: Amounts): ResourceAmounts {
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
