import { structuredPatch } from 'diff';
import { harmless } from '../base/harmless.ts';

/** The lines in which two texts differ, as a unified diff without its header. What a terminal would obey is made harmless. */
export function textDiff(before: string, after: string): readonly string[] {
  const { hunks } = structuredPatch('', '', before, after, '', '', { context: 3 });
  return hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`,
    ...lines.map(harmless),
  ]);
}

/** A range without lines begins behind the line before it, as diff(1) has it. */
function range(start: number, lines: number): string {
  return `${lines === 0 ? start - 1 : start},${lines}`;
}
