import { count } from '../base/text.ts';
import { success } from '../base/result.ts';
import { failed, usageError, type EngineResult } from '../engine/failure.ts';
import { subjectId, type Change } from '../plan/change.ts';
import { stoppedUnchanged, type StopControl } from '../engine/stop-control.ts';
import type { Plan } from '../plan/plan.ts';
import type { CommandContext } from './command.ts';
import { flag } from './parse/option-values.ts';

/** Asks before removing orphaned pods. Other changes need no confirmation. */
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
    question: (names) => `Remove ${count(orphans.length, 'orphaned pod')} not in the given files (${names})?`,
    alternative: 'omit --remove-orphans',
  });
}

/** Asks before removing volumes of PersistentVolumeClaims (`down --volumes`). */
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
      `Remove ${count(volumes.length, 'volume')} and all data in ${volumes.length === 1 ? 'it' : 'them'} (${names})?`,
    alternative: 'omit --volumes',
  });
}

interface Words {
  readonly question: (names: string) => string;
  /** How to avoid the question. */
  readonly alternative: string;
}

async function confirm(
  { platform, values, progress, say }: CommandContext,
  { stop }: StopControl,
  removals: readonly Change[],
  { question, alternative }: Words,
): Promise<EngineResult<'confirmed'>> {
  if (removals.length === 0 || flag(values, 'yes')) return success('confirmed');
  const names = removals.map(({ subject }) => subjectId(subject)).join(', ');
  // JSON output has no prompts.
  const answer = progress === 'json' ? undefined : await platform.ask(question(names), stop);
  switch (answer) {
    case 'yes':
      return success('confirmed');
    case 'no':
      say('Cancelled, nothing was removed.\n');
      return failed('failed', []);
    case 'interrupted':
      // Ends the line of the question.
      say('\n');
      return stoppedUnchanged(stop);
    case undefined:
      return failed('usage', [
        usageError(
          'needs-yes',
          `removing ${names} needs confirmation, and there is no terminal`,
          `Use --yes, or ${alternative}.`,
        ),
      ]);
  }
}
