import type { PodObject } from '../../spec/pod-object.ts';
import { amountOf, type Amounts, type Requirements } from './requirements.ts';

/** Amounts of resources in thousandths. */
export type Totals = Map<string, bigint>;

/**
 * What the containers of a pod need together, at its largest: all app containers and sidecars, or an init container with
 * the sidecars before it (AggregateContainerRequests and AggregateContainerLimits in k8s.io/component-helpers/resource).
 */
export function totalOf({ value: { spec }, isTemplate }: PodObject, field: 'limits' | 'requests'): Totals {
  const amountsOf = (resources: Requirements | undefined): Amounts =>
    // The server fills in the requests of a pod, not those of a template.
    field === 'requests' && isTemplate !== true
      ? { ...resources?.limits, ...resources?.requests }
      : (resources?.[field] ?? {});
  const total: Totals = new Map();
  for (const { resources } of spec?.containers ?? []) add(total, amountsOf(resources));
  const sidecars: Totals = new Map();
  const starting: Totals = new Map();
  for (const { restartPolicy, resources } of spec?.initContainers ?? []) {
    const amounts = amountsOf(resources);
    if (restartPolicy === 'Always') {
      add(total, amounts);
      add(sidecars, amounts);
      raise(starting, sidecars);
    } else {
      const running = new Map(sidecars);
      add(running, amounts);
      raise(starting, running);
    }
  }
  raise(total, starting);
  return total;
}

function add(totals: Totals, amounts: Amounts): void {
  for (const [name, text] of Object.entries(amounts)) {
    const amount = amountOf(text);
    if (amount !== undefined) totals.set(name, (totals.get(name) ?? 0n) + amount);
  }
}

function raise(totals: Totals, others: Totals): void {
  for (const [name, amount] of others) {
    const before = totals.get(name);
    if (before === undefined || before < amount) totals.set(name, amount);
  }
}

/** As a quantity: `1500m`. */
export function formatAmount(amount: bigint): string {
  return amount % 1000n === 0n ? (amount / 1000n).toString() : `${amount}m`;
}
