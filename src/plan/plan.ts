import type { Diagnostic } from '../base/diagnostic.ts';
import { subjectId, type Change } from './change.ts';
import type { Step } from './step.ts';

/**
 * Changes and steps from the observed to the desired state. Pure data: `up` runs exactly what `plan` prints.
 */
export interface Plan {
  readonly project: string;
  readonly changes: readonly Change[];
  readonly steps: readonly Step[];
  /** Warnings do not stop the plan. */
  readonly warnings: readonly Diagnostic[];
}

/** What two plans change that are applied one after the other: where both change a subject, the later plan counts. */
export function followedBy(first: Plan, later: Plan): Plan {
  const changed = new Set(later.changes.map(({ subject }) => subjectId(subject)));
  const caused = new Set(later.steps.map(({ cause }) => cause));
  return {
    ...later,
    changes: [...first.changes.filter(({ subject }) => !changed.has(subjectId(subject))), ...later.changes],
    steps: [...first.steps.filter(({ cause }) => !caused.has(cause)), ...later.steps],
  };
}
