import { sanitizeOutput } from '../../base/sanitize.ts';

/**
 * A line of program output without escape sequences; of text overwritten with carriage returns, only the last part.
 */
export function plainLine(line: string): string {
  const withoutEscapes = line.replace(
    /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])/g,
    '',
  );
  return sanitizeOutput(withoutEscapes.trimEnd().split('\r').at(-1) ?? '');
}
