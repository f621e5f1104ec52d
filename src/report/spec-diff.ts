import { createTwoFilesPatch } from 'diff';
import { stringify } from 'yaml';
import { sanitize } from '../base/sanitize.ts';
import type { Paint } from '../base/paint.ts';
import { maskedTexts } from '../plan/masked.ts';
import type { PodSpecDocument } from '../plan/specs.ts';

export interface SpecPair {
  readonly pod: string;
  /** Undefined where there is no such pod. */
  readonly live: PodSpecDocument | undefined;
  readonly desired: PodSpecDocument;
}

/** A unified diff from what runs to what the files say, as YAML with sorted keys; an empty text when all is equal. */
export function renderSpecDiff(pairs: readonly SpecPair[], paint: Paint): string {
  const text = (document: PodSpecDocument | undefined) =>
    document === undefined
      ? ''
      : stringify(document, { sortMapEntries: true, lineWidth: 0, aliasDuplicateObjects: false });
  const patches = pairs
    .map(({ pod, live, desired }) => ({ pod, before: text(live), after: text(desired) }))
    .filter(({ before, after }) => before !== after)
    .map(({ pod, before, after }) => {
      const [live, file] = maskedTexts(before, after);
      return createTwoFilesPatch(`live/pod/${pod}`, `file/pod/${pod}`, live, file, '', '', { context: 3 });
    });
  return patches.map((patch) => paintPatch(patch, paint)).join('');
}

function paintPatch(patch: string, paint: Paint): string {
  return patch
    .split('\n')
    .map(sanitize)
    .filter((line) => !/^=+$/.test(line))
    .map((line) => {
      if (line.startsWith('---') || line.startsWith('+++')) return paint('strong', line.trimEnd());
      if (line.startsWith('@@')) return paint('faint', line);
      if (line.startsWith('-')) return paint('removed', line);
      return line.startsWith('+') ? paint('added', line) : line;
    })
    .join('\n');
}
