import type { Diagnostic } from '../base/diagnostic.ts';
import type { Change } from './change.ts';
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
