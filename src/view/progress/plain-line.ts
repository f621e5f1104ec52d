import { sanitizeOutput } from '../../base/sanitize.ts';

/**
 * A line that a program printed, without its colours and cursor movements; of what it wrote over itself, the
 * last.
 */
export function plainLine(line: string): string {
  const withoutEscapes = line.replace(
    /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])/g,
    '',
  );
  return sanitizeOutput(withoutEscapes.trimEnd().split('\r').at(-1) ?? '');
}
