import { policyOf } from '../podman/operations/registry.ts';
import type { Plan } from './plan.ts';

/** Whether a plan verifies that all containers it starts are running. */
export function verifiesWhatItStarts({ steps }: Plan): boolean {
  const policies = steps.map(({ operation }) => policyOf(operation));
  const verified = new Set(policies.map(({ verifies }) => verifies));
  return policies.every(({ starts }) => starts === undefined || verified.has(starts));
}
