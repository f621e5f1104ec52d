import type { RestartRule } from '../../src/kube/spec/restart-policy.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { Step } from '../../src/plan/step.ts';
import { commandOf } from '../../src/podman/operations/registry.ts';
import { shellLine } from '../../src/podman/operations/shell.ts';
import type { PodmanCapabilities } from '../../src/podman/inspect/version.ts';

/**
 * The graph of a plan: a line `[needs] id  operation  cause` for each step, and below it its retries and its undo.
 * Empty for a plan without steps.
 */
export function stepsText({ steps }: Pick<Plan, 'steps'>, capabilities: PodmanCapabilities): string {
  return steps.map((step) => stepLines(step, capabilities).join('\n') + '\n').join('');
}

function stepLines(step: Step, capabilities: PodmanCapabilities): readonly string[] {
  const { id, needs, after = [], operation, cause, retry, retryRules = [], undo = [], undoUnless } = step;
  const waits = [...needs, ...after.map((other) => `after ${other}`)];
  return [
    [`[${waits.join(', ')}] ${id}`, operation.kind, ...(cause === undefined ? [] : [cause])].join('  '),
    ...(retry === undefined ? [] : [`    retry: ${[retry, ...retryRules.map(ruleText)].join(' ')}`]),
    ...(undoUnless === undefined ? [] : [`    undo unless: ${undoUnless}`]),
    ...undo.map((undoing) => `    undo: ${shellLine(commandOf(undoing, capabilities))}`),
  ];
}

function ruleText({ exitCodes: { operator, values } }: RestartRule): string {
  return `${operator} ${values.join(',')}`;
}
