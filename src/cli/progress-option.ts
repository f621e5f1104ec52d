import { failure, success, type Result } from '../base/result.ts';
import type { ProgressKind } from '../report/progress.ts';
import { usageError } from './command-line.ts';
import { choice } from './option-values.ts';
import type { Session } from './session.ts';

const KINDS = ['auto', 'tty', 'plain', 'json', 'quiet'] as const;

/** How progress is to be shown: as the option or the environment says, else what fits standard error. */
export function progressOption({ world, values, verbose }: Session): Result<ProgressKind> {
  const given = choice(values, 'progress', KINDS);
  if (!given.ok) return given;
  const named = given.value ?? world.env['PODPOSE_PROGRESS'] ?? 'auto';
  const kind = KINDS.find((known) => known === named);
  if (kind === undefined)
    return failure([
      usageError(
        'option-value',
        `PODPOSE_PROGRESS cannot be '${named}'`,
        `It is one of ${KINDS.join(', ')}.`,
      ),
    ]);
  if (kind !== 'auto') return success(kind);
  // Printed commands and a picture that is drawn over and over do not go together.
  return success(world.stderr.isTTY && !verbose && world.env['TERM'] !== 'dumb' ? 'tty' : 'plain');
}
