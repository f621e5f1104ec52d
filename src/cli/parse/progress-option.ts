import { failure, success, type Result } from '../../base/result.ts';
import type { ProgressKind } from '../../view/progress/types.ts';
import { usageError } from '../../engine/failure.ts';
import { choice, type OptionValues } from './option-values.ts';
import type { Platform } from '../../platform/platform.ts';

const KINDS = ['auto', 'tty', 'plain', 'json', 'quiet'] as const;

/** How progress is to be shown: as the option or the environment says, else what fits standard error. */
export function progressOption(
  platform: Pick<Platform, 'env' | 'stderr'>,
  values: OptionValues,
  verbose: boolean,
): Result<ProgressKind> {
  const given = choice(values, 'progress', KINDS);
  if (!given.ok) return given;
  const named = given.value ?? fromEnvironment(platform.env) ?? 'auto';
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
  return success(platform.stderr.isTTY && !verbose && platform.env['TERM'] !== 'dumb' ? 'tty' : 'plain');
}

/** Whether JSON is asked for by arguments that cannot all be read: what is wrong with them is then told as JSON. */
export function asksForJson(args: readonly string[], env: Platform['env']): boolean {
  const given = args.flatMap((arg, index) =>
    arg === '--progress'
      ? (args[index + 1] ?? [])
      : arg.startsWith('--progress=')
        ? arg.slice('--progress='.length)
        : [],
  );
  return (given.at(-1) ?? fromEnvironment(env)) === 'json';
}

/** A variable that is empty is as good as none. */
function fromEnvironment(env: Platform['env']): string | undefined {
  const value = env['PODPOSE_PROGRESS'];
  return value === '' ? undefined : value;
}
