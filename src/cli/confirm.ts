import { subjectId, type Change } from '../plan/change.ts';
import { count } from '../plan/describe.ts';
import type { Plan } from '../plan/plan.ts';
import { usageError } from './parse/command-line.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { stoppedBeforePlan } from './questions.ts';
import { flag, type Session } from './session.ts';
import type { StopControl } from '../engine/stop-control.ts';

/**
 * Asks before pods are removed that are in no file any more. Gives undefined when it may be done, else the exit
 * code to end with. Ordinary changes are not asked about.
 */
export function confirmRemovals(
  session: Session,
  plan: Plan,
  control: StopControl,
): Promise<ExitCode | undefined> {
  const orphans = plan.changes.filter(
    ({ subject, action, reason }) =>
      subject.kind === 'pod' && action === 'remove' && reason.kind === 'not-in-files',
  );
  return confirm(session, control, orphans, {
    question: (names) => `Remove ${count(orphans.length, 'pod')} in none of the files (${names})?`,
    otherwise: 'leave --remove-orphans out',
  });
}

/** Asks before volumes are removed that hold data: those of claims, which `down --volumes` takes down. */
export function confirmDataLoss(
  session: Session,
  plan: Plan,
  control: StopControl,
): Promise<ExitCode | undefined> {
  const volumes = plan.changes.filter(
    ({ subject, action }) => subject.kind === 'claim' && action === 'remove',
  );
  return confirm(session, control, volumes, {
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
  session: Session,
  control: StopControl,
  removals: readonly Change[],
  { question, otherwise }: Words,
): Promise<ExitCode | undefined> {
  const { platform, values } = session;
  if (removals.length === 0 || flag(values, 'yes')) return undefined;
  const names = removals.map(({ subject }) => subjectId(subject)).join(', ');
  // Nobody can answer a question between lines of JSON.
  const answer = session.progress === 'json' ? undefined : await platform.ask(question(names), control.stop);
  switch (answer) {
    case 'yes':
      return undefined;
    case 'no':
      session.say('Nothing was touched.\n');
      return EXIT.failed;
    case 'interrupted':
      // The cursor is still behind the question.
      session.say('\n');
      return stoppedBeforePlan(session, control);
    case undefined:
      session.report([
        usageError(
          'needs-yes',
          `${names} would be removed, and there is no terminal to ask on`,
          `Say yes beforehand with --yes, or ${otherwise}.`,
        ),
      ]);
      return EXIT.usage;
  }
}
