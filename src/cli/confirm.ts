import { subjectId } from '../plan/change.ts';
import { count } from '../plan/describe.ts';
import type { Plan } from '../plan/plan.ts';
import { usageError } from './command-line.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { flag, type Session } from './session.ts';

/**
 * Asks before pods are removed that are in no file any more. Gives undefined when it may be done, else the exit
 * code to end with. Ordinary changes are not asked about.
 */
export async function confirmRemovals(session: Session, plan: Plan): Promise<ExitCode | undefined> {
  const { world, values } = session;
  const orphans = plan.changes.filter(
    ({ subject, action, reason }) =>
      subject.kind === 'pod' && action === 'remove' && reason.kind === 'not-in-files',
  );
  if (orphans.length === 0 || flag(values, 'yes')) return undefined;
  const names = orphans.map(({ subject }) => subjectId(subject)).join(', ');
  const answer = await world.ask(`Remove ${count(orphans.length, 'pod')} in none of the files (${names})?`);
  if (answer === true) return undefined;
  if (answer === false) {
    world.stderr.write('Nothing was touched.\n');
    return EXIT.failed;
  }
  session.tell([
    usageError(
      'needs-yes',
      `${names} would be removed, and there is no terminal to ask on`,
      'Say yes beforehand with --yes, or leave --remove-orphans out.',
    ),
  ]);
  return EXIT.usage;
}
