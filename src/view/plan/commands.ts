import { commandOf } from '../../podman/operations/registry.ts';
import { shellLine } from '../../podman/operations/shell.ts';
import type { PodmanCapabilities } from '../../podman/inspect/version.ts';
import type { Plan } from '../../plan/plan.ts';

/** The commands that `up` would run, one per line, for a POSIX shell. Empty if there is nothing to do. */
export function renderPlanCommands(plan: Plan, capabilities: PodmanCapabilities, podman = 'podman'): string {
  return plan.steps
    .map((step) => `${shellLine(commandOf(step.operation, capabilities, podman), podman)}\n`)
    .join('');
}
