import { commandOf } from '../../podman/operations/registry.ts';
import { shellLine } from '../../podman/operations/shell.ts';
import type { PodmanCapabilities } from '../../podman/inspect/version.ts';
import type { Plan } from '../../plan/plan.ts';
import { ownVariables, scriptOf } from './secret-files.ts';

/** The commands that `up` would run, one per line, for a POSIX shell. Empty if there is nothing to do. */
export function renderPlanCommands(plan: Plan, capabilities: PodmanCapabilities, podman = 'podman'): string {
  const commands = plan.steps
    .map(({ operation }) => commandOf(operation, capabilities, podman))
    .map(ownVariables());
  return scriptOf(
    commands,
    commands.map((command) => shellLine(command, podman)),
  );
}
