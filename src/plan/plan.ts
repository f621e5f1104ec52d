import type { Diagnostic } from '../base/diagnostic.ts';
import type { Change } from './change.ts';
import type { Step } from './step.ts';

/** What has to be done so that podman has what the manifests say, and why. Pure data; what is printed is what is run. */
export interface Plan {
  readonly project: string;
  readonly changes: readonly Change[];
  readonly steps: readonly Step[];
  /** Things worth knowing that stop nothing. */
  readonly warnings: readonly Diagnostic[];
}
