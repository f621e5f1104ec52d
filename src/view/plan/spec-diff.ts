import { createTwoFilesPatch, structuredPatch } from 'diff';
import { stringify } from 'yaml';
import { sanitize } from '../../base/sanitize.ts';
import type { Paint } from '../../base/paint.ts';
import type { Change } from '../../plan/change.ts';
import { fileLabel } from '../../plan/compare/changed-files.ts';
import { redactTexts } from '../../plan/compare/redact.ts';
import type { PodSpecDocument } from '../../plan/compare/spec-documents.ts';

export interface SpecPair {
  readonly pod: string;
  /** Undefined if the pod does not exist. */
  readonly live: PodSpecDocument | undefined;
  readonly desired: PodSpecDocument;
}

/** A unified diff from running pods to the manifests, as YAML with sorted keys; empty without differences. */
export function renderSpecDiff(pairs: readonly SpecPair[], paint: Paint): string {
  const text = (document: PodSpecDocument | undefined) =>
    document === undefined
      ? ''
      : stringify(document, { sortMapEntries: true, lineWidth: 0, aliasDuplicateObjects: false });
  const patches = pairs
    .map(({ pod, live, desired }) => ({ pod, before: text(live), after: text(desired) }))
    .filter(({ before, after }) => before !== after)
    .map(({ pod, before, after }) => {
      const [live, file] = redactTexts(before, after);
      return createTwoFilesPatch(`live/pod/${pod}`, `file/pod/${pod}`, live, file, '', '', { context: 3 });
    });
  return patches.map((patch) => paintPatch(patch, paint)).join('');
}

/** A unified diff of each changed file of a volume, such as one of a ConfigMap. */
export function renderFileDiffs(changes: readonly Change[], paint: Paint): string {
  return changes
    .flatMap(({ subject, reason }) =>
      reason.kind !== 'settings-differ' || !('pod' in subject)
        ? []
        : reason.differences.flatMap(({ path, lines }) =>
            lines === undefined ? [] : [{ name: `pod/${subject.pod}/${fileLabel(path)}`, lines }],
          ),
    )
    .filter(({ name }, index, all) => all.findIndex((other) => other.name === name) === index)
    .map(({ name, lines }) => {
      const header = [`--- live/${name}`, `+++ file/${name}`];
      return paintPatch([...header, ...lines, ''].join('\n'), paint);
    })
    .join('');
}

/** The unified diff of two texts without its header. Terminal control characters are replaced. */
export function textDiff(before: string, after: string): readonly string[] {
  const { hunks } = structuredPatch('', '', before, after, '', '', { context: 3 });
  return hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`,
    ...lines.map(sanitize),
  ]);
}

/** As in diff(1), an empty range starts at the line before it. */
function range(start: number, lines: number): string {
  return `${lines === 0 ? start - 1 : start},${lines}`;
}

export function paintPatch(patch: string, paint: Paint): string {
  return patch
    .split('\n')
    .map(sanitize)
    .filter((line) => !/^(?:=+$|Index: )/.test(line))
    .map((line) => {
      if (line.startsWith('---') || line.startsWith('+++')) return paint('strong', line.trimEnd());
      if (line.startsWith('@@')) return paint('faint', line);
      if (line.startsWith('-')) return paint('removed', line);
      return line.startsWith('+') ? paint('added', line) : line;
    })
    .join('\n');
}
