import { SECRET_MARK } from '../../base/digest.ts';
import type { FieldPath } from '../../base/path.ts';
import { podVolumeName } from '../../podman/names.ts';
import type { VolumeFilePath } from '../../podman/inspect/volume-texts.ts';
import type { Change } from '../change.ts';
import type { Difference } from './difference.ts';
import type { Plan } from '../plan.ts';

export function textKey({ volume, path }: VolumeFilePath): string {
  return `${volume}/${path}`;
}

/**
 * The changed files of a plan, whose old texts must be read from volumes: labels only have digests. Files of Secrets are
 * never read.
 */
export function neededFileTexts({ changes }: Plan): readonly VolumeFilePath[] {
  const files = changes.flatMap((change) =>
    differencesOf(change).flatMap((difference) => {
      const file = changedFile(change, difference);
      return file === undefined ? [] : [file];
    }),
  );
  return [...new Map(files.map((file) => [textKey(file), file])).values()];
}

function differencesOf({ reason }: Change): readonly Difference[] {
  return reason.kind === 'settings-differ' ? reason.differences : [];
}

/** `spec.volumes[NAME].TYPE.items[PATH]`, with digests of texts. */
export function changedFile(
  { subject }: Change,
  { path, before, after }: Difference,
): (VolumeFilePath & { readonly name: string }) | undefined {
  const [spec, volumes, name, type, list, file, ...rest] = path;
  const isFile = spec === 'spec' && volumes === 'volumes' && (list === 'items' || list === 'sources');
  if (!isFile || type === 'secret' || rest.length > 0 || !('pod' in subject)) return undefined;
  if (typeof name !== 'string' || typeof file !== 'string') return undefined;
  if (![before, after].every((value) => value === undefined || isPlainDigest(value))) return undefined;
  return { volume: podVolumeName({ name: subject.pod }, { name }), name, path: file };
}

function isPlainDigest(value: Difference['before']): boolean {
  return typeof value === 'string' && value.startsWith('sha256:') && !value.includes(SECRET_MARK);
}

/** Label of a changed file in a diff: `VOLUME/PATH`. */
export function fileLabel(path: FieldPath): string {
  return path
    .slice(2)
    .filter((_, index) => index === 0 || index === 3)
    .join('/');
}
