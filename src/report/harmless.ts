import { harmless } from '../base/harmless.ts';

export { harmless };

/** A line that a program printed, without its colours and cursor movements; of what it wrote over itself, the last. */
export function plainLine(line: string): string {
  const withoutEscapes = line.replace(
    /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])/g,
    '',
  );
  return harmless(withoutEscapes.trimEnd().split('\r').at(-1) ?? '');
}
