import { createTwoFilesPatch } from 'diff';
import { sanitize } from '../base/sanitize.ts';
import type { Paint } from '../base/paint.ts';
import { hideSecrets } from '../manifest/secret-text.ts';
import { paintPatch } from './plan/spec-diff.ts';

export interface FileChange {
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

/** A volume of podman that a renamed PersistentVolumeClaim keeps. */
export interface KeptVolumeRow {
  readonly claim: string;
  readonly volume: string;
  /** podpose did not create it. */
  readonly isForeign: boolean;
}

/** A unified diff of the changed files, after lines that `patch` skips. Values of Secrets are hidden. */
export function renderFixes(
  changes: readonly FileChange[],
  paint: Paint,
  kept: readonly KeptVolumeRow[],
): string {
  const notes = kept.map(
    ({ claim, volume, isForeign }) =>
      `# volume/${sanitize(volume)} exists in podman: PersistentVolumeClaim '${sanitize(claim)}' keeps it by its annotation.${isForeign ? " 'podpose up --adopt' uses it with its data." : ''}\n`,
  );
  return notes.join('') + diffOf(changes, paint);
}

function diffOf(changes: readonly FileChange[], paint: Paint): string {
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
