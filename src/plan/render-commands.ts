import { commandOf } from '../podman/argv/command.ts';
import { shellLine } from '../podman/argv/shell.ts';
import type { PodmanAbilities } from '../podman/version.ts';
import type { Plan } from './plan.ts';

/**
 * The commands that `up` would run, one a line, fit to be pasted into a POSIX shell. An empty text when
 * there is nothing to do.
 */
export function renderPlanCommands(plan: Plan, can: PodmanAbilities, podman = 'podman'): string {
  return plan.steps.map((step) => `${shellLine(commandOf(step.operation, can, podman), podman)}\n`).join('');
}
