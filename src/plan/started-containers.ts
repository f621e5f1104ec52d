import { policyOf } from '../podman/operations/registry.ts';
import type { Plan } from './plan.ts';

/** The containers that a plan starts, as `POD/CONTAINER`; init containers, which it runs to their end, included. */
export function startedContainers({ steps }: Pick<Plan, 'steps'>): ReadonlySet<string> {
  const started = steps.flatMap(({ operation }) => policyOf(operation).starts ?? []);
  // A pod that starts has no slash.
  return new Set(started.filter((key) => key.includes('/')));
}
