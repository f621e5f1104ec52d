import { ofKind } from '../kube/config/object-set.ts';
import { volumeAnnotation } from '../kube/storage/claim-volume.ts';
import { readManifests } from '../manifest/read-manifests.ts';
import { observeVolumes } from '../podman/inspect/observe.ts';
import { queryEngine, type Engine } from './engine.ts';
import type { FixedFile } from './fix-files.ts';

/** A volume of podman that a renamed PersistentVolumeClaim keeps. */
export interface KeptVolume {
  readonly claim: string;
  readonly volume: string;
}

export interface ExistingVolume extends KeptVolume {
  /** podpose did not create it: `up` uses it with --adopt only. */
  readonly isForeign: boolean;
}

/**
 * The volumes that fixes name in a new annotation and that exist. podman is asked only if there is such an annotation; empty
 * if podman does not answer.
 */
export async function keptVolumes(
  engine: Engine,
  changed: readonly FixedFile[],
): Promise<readonly ExistingVolume[]> {
  const before = new Set(
    changed.flatMap(({ file, before: text }) => annotated(file, text)).map(({ volume }) => volume),
  );
  const added = changed
    .flatMap(({ file, after }) => annotated(file, after))
    .filter(({ volume }) => !before.has(volume));
  if (added.length === 0) return [];
  const observed = await observeVolumes(queryEngine(engine).podman);
  const existing = new Map((observed.ok ? observed.value : []).map((volume) => [volume.name, volume]));
  return added.flatMap((kept) => {
    const found = existing.get(kept.volume);
    if (found === undefined) return [];
    return [{ ...kept, isForeign: found.claim === undefined && found.owner === undefined }];
  });
}

function annotated(file: string, text: string): readonly KeptVolume[] {
  return ofKind(readManifests([{ file, text }]).documents, 'PersistentVolumeClaim').flatMap((claim) => {
    const volume = volumeAnnotation(claim);
    return volume === undefined ? [] : [{ claim: claim.value.metadata?.name ?? '', volume }];
  });
}
