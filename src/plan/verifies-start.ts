import { policyOf } from '../podman/operations/registry.ts';
import type { Plan } from './plan.ts';

/** Whether all containers that a plan starts have been seen running when it is done, so that nobody need look again. */
export function verifiesWhatItStarts({ steps }: Plan): boolean {
  const policies = steps.map(({ operation }) => policyOf(operation));
  const verified = new Set(policies.map(({ verifies }) => verifies));
  return policies.every(({ starts }) => starts === undefined || verified.has(starts));
}
