import { count } from '../base/text.ts';
import { success } from '../base/result.ts';
import { failed, usageError, type EngineResult } from '../engine/failure.ts';
import { subjectId, type Change } from '../plan/change.ts';
import { stoppedUnchanged, type StopControl } from '../engine/stop-control.ts';
import type { Plan } from '../plan/plan.ts';
import type { CommandContext } from './command.ts';
import { flag } from './parse/option-values.ts';

/** Asks before pods are removed that are in no file any more. Ordinary changes are not asked about. */
export function confirmRemovals(
  context: CommandContext,
  plan: Plan,
  control: StopControl,
): Promise<EngineResult<'confirmed'>> {
  const orphans = plan.changes.filter(
    ({ subject, action, reason }) =>
      subject.kind === 'pod' && action === 'remove' && reason.kind === 'not-in-files',
  );
  return confirm(context, control, orphans, {
    question: (names) => `Remove ${count(orphans.length, 'pod')} in none of the files (${names})?`,
    otherwise: 'leave --remove-orphans out',
  });
}

/** Asks before volumes are removed that hold data: those of claims, which `down --volumes` takes down. */
export function confirmDataLoss(
  context: CommandContext,
  plan: Plan,
  control: StopControl,
): Promise<EngineResult<'confirmed'>> {
  const volumes = plan.changes.filter(
    ({ subject, action }) => subject.kind === 'claim' && action === 'remove',
  );
  return confirm(context, control, volumes, {
    question: (names) =>
      `Remove ${count(volumes.length, 'volume')} with all that is in ${volumes.length === 1 ? 'it' : 'them'} (${names})?`,
    otherwise: 'leave --volumes out',
  });
}

interface Words {
  readonly question: (names: string) => string;
  /** What to do instead of saying yes. */
  readonly otherwise: string;
}

async function confirm(
  { platform, values, progress, say }: CommandContext,
  { stop }: StopControl,
  removals: readonly Change[],
  { question, otherwise }: Words,
): Promise<EngineResult<'confirmed'>> {
  if (removals.length === 0 || flag(values, 'yes')) return success('confirmed');
  const names = removals.map(({ subject }) => subjectId(subject)).join(', ');
  // Nobody can answer a question between lines of JSON.
  const answer = progress === 'json' ? undefined : await platform.ask(question(names), stop);
  switch (answer) {
    case 'yes':
      return success('confirmed');
    case 'no':
      say('Nothing was touched.\n');
      return failed('failed', []);
    case 'interrupted':
      // The cursor is still behind the question.
      say('\n');
      return stoppedUnchanged(stop);
    case undefined:
      return failed('usage', [
        usageError(
          'needs-yes',
          `${names} would be removed, and there is no terminal to ask on`,
          `Say yes beforehand with --yes, or ${otherwise}.`,
        ),
      ]);
  }
}
