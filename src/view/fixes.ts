import { createTwoFilesPatch } from 'diff';
import type { Paint } from '../base/paint.ts';
import { hideSecrets } from '../manifest/secret-text.ts';
import { paintPatch } from './plan/spec-diff.ts';

export interface FileChange {
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

/** A unified diff of the changed files. Values of Secrets are hidden. */
export function renderFixes(changes: readonly FileChange[], paint: Paint): string {
  return changes
    .map(({ file, before, after }) => {
      const patch = createTwoFilesPatch(
        file,
        file,
        hideSecrets(before),
        hideSecrets(after),
        undefined,
        undefined,
        { context: 3 },
      );
      return paintPatch(patch, paint);
    })
    .join('');
}
