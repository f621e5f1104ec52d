import { escapeUnsafe } from '../../base/sanitize.ts';
import type { ApplyEvent, Outcome, StepFailure } from '../../apply/events.ts';
import type { Step } from '../../plan/step.ts';
import { diagnosticMembers } from '../diagnostics/diagnostics.ts';
import { publishedKind } from '../../podman/operations/registry.ts';
import { podOf, stepTarget } from './step-words.ts';

/** Changed only if programs that read the lines have to change, not for a new member or type. */
const FORMAT_VERSION = '1.0';

/**
 * Progress as JSON lines, together with those of message-json.ts; the schema is schemas/progress-1.schema.json. The
 * values of `type`:
 *
 * - `plan-started`: `formatVersion`, `project`, the numbers of `changes` and `steps`
 * - `step-started`: `step`, `attempt` from 1
 * - `step-output`: `step`, `stream` (`stdout` or `stderr`), `line`
 * - `step-waiting`: `step`, `attempt`, `exitCode`, `seconds` until the retry
 * - `step-succeeded`: `step`, `seconds`
 * - `step-failed`: `step`, `seconds`, `failure`
 * - `step-skipped`: `step`, `because` (`needs-failed`, `interrupted` or `timeout`)
 * - `stopping`: `because` (`interrupted` or `timeout`)
 * - `plan-finished`: `status` (`done`, `failed`, `interrupted` or `timeout`), the ids of the steps that
 *   `succeeded`, `failed` and were `skipped`, and of succeeded steps that were `undone` because the step that needed
 *   them was skipped
 *
 * `step` has `id` and `kind` and, where they apply, `pod`, `container`, `role` and `image`. `failure` has
 * `kind`: `init-container` with `exitCode`, `attempts` and `lastLines`; `command` with a `diagnostic` like
 * those of `validate --format json`; `restarting` and `restarted` with a `diagnostic`, of a container whose postStart
 * hook has failed: the run goes on; `stopped` with `because`. The lines contain
 * neither settings nor commands, and therefore no values of environment variables.
 */
export function jsonProgress({
  terminal,
}: {
  readonly terminal: { readonly write: (text: string) => void };
}): (event: ApplyEvent) => void {
  return (event) => {
    terminal.write(`${escapeUnsafe(JSON.stringify(eventMembers(event)))}\n`);
  };
}

function eventMembers(event: ApplyEvent): object {
  switch (event.kind) {
    case 'plan-started': {
      const { project, changes, steps } = event.plan;
      return {
        type: event.kind,
        formatVersion: FORMAT_VERSION,
        project,
        changes: changes.length,
        steps: steps.length,
      };
    }
    case 'step-started':
      return { type: event.kind, step: stepMembers(event.step), attempt: event.attempt };
    case 'step-output':
      return { type: event.kind, step: stepMembers(event.step), stream: event.stream, line: event.line };
    case 'step-waiting': {
      const { attempt, exitCode, seconds } = event;
      return { type: event.kind, step: stepMembers(event.step), attempt, exitCode, seconds };
    }
    case 'step-succeeded':
      return { type: event.kind, step: stepMembers(event.step), seconds: event.seconds };
    case 'step-failed': {
      const { seconds, failure } = event;
      return { type: event.kind, step: stepMembers(event.step), seconds, failure: failureMembers(failure) };
    }
    case 'step-skipped':
      return { type: event.kind, step: stepMembers(event.step), because: event.because };
    case 'stopping':
      return { type: event.kind, because: event.because };
    case 'plan-finished':
      return { type: event.kind, ...outcomeMembers(event.outcome) };
  }
}

function stepMembers(step: Step): object {
  const { container, role, image } = stepTarget(step);
  // JSON.stringify omits undefined members.
  return { id: step.id, kind: publishedKind(step.operation), pod: podOf(step), container, role, image };
}

function failureMembers(failure: StepFailure): object {
  return 'diagnostic' in failure
    ? { kind: failure.kind, diagnostic: diagnosticMembers(failure.diagnostic) }
    : failure;
}

function outcomeMembers({ status, succeeded, failed, skipped, undone }: Outcome): object {
  const ids = (steps: readonly Step[]) => steps.map(({ id }) => id);
  return {
    status,
    succeeded: ids(succeeded),
    failed: ids(failed.map(({ step }) => step)),
    skipped: ids(skipped),
    undone: ids(undone.filter(({ isUndone }) => isUndone).map(({ step }) => step)),
  };
}
