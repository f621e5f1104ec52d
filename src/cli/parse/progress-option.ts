import { failure, success, type Result } from '../../base/result.ts';
import type { ProgressKind } from '../../view/progress/types.ts';
import { usageError } from '../../engine/failure.ts';
import { choice, type OptionValues } from './option-values.ts';
import type { Platform } from '../../platform/platform.ts';

const KINDS = ['auto', 'tty', 'plain', 'json', 'quiet'] as const;

/** Kind of progress output: from the option, else PODPOSE_PROGRESS, else by the type of standard error. */
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
        `invalid value '${named}' of PODPOSE_PROGRESS`,
        `Use one of ${KINDS.join(', ')}.`,
      ),
    ]);
  if (kind !== 'auto') return success(kind);
  // Printed commands would break a display that is redrawn in place.
  return success(platform.stderr.isTTY && !verbose && platform.env['TERM'] !== 'dumb' ? 'tty' : 'plain');
}

/** Whether invalid arguments ask for JSON. Their errors are then reported as JSON. */
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

/** An empty variable counts as unset. */
function fromEnvironment(env: Platform['env']): string | undefined {
  const value = env['PODPOSE_PROGRESS'];
  return value === '' ? undefined : value;
}
