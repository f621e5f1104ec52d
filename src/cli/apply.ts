import type { Outcome } from '../apply/events.ts';
import { success } from '../base/result.ts';
import type { EngineResult } from '../engine/failure.ts';
import type { Plan } from '../plan/plan.ts';
import { renderOutcome } from '../view/progress/outcome.ts';
import { jsonProgress } from '../view/progress/json.ts';
import type { CommandContext } from './command.ts';
import { EXIT, exitCodeOf, type ExitCode } from './exit-code.ts';

/** Prints the outcome of applying a plan. */
export function showOutcome(
  { platform, progress, paintErr }: CommandContext,
  project: string,
  outcome: EngineResult<Outcome>,
): EngineResult<ExitCode> {
  if (!outcome.ok) return outcome;
  const columns = platform.stderr.isTTY ? platform.stderr.columns : undefined;
  // JSON progress already has the outcome.
  if (progress !== 'json')
    platform.stderr.write(renderOutcome(outcome.value, { project, paint: paintErr, columns }));
  return success(exitCodeOf(outcome.value.status));
}

/** Reports an empty plan. As JSON it starts and finishes like any other plan. */
export function showNothingToDo(
  { platform, progress, say }: CommandContext,
  plan: Plan,
  words: string,
): EngineResult<ExitCode> {
  if (progress !== 'json') say(words);
  else {
    const emit = jsonProgress({ terminal: platform.stderr });
    emit({ kind: 'plan-started', plan });
    emit({
      kind: 'plan-finished',
      outcome: { status: 'done', succeeded: [], failed: [], skipped: [], undone: [] },
    });
  }
  return success(EXIT.done);
}
