import type { CheckedObject } from '../../manifest/checked-document.ts';
import type { ObjectSet } from '../config/object-set.ts';
import { qualifiedName } from '../spec/qualified-name.ts';

/** The name of the podman volume of a PersistentVolumeClaim, if it is not the name of the claim. */
export const VOLUME_ANNOTATION = 'podpose.io/volume';

/** Whether podman accepts the name for a volume (define.NameRegex in libpod/define). */
export function isVolumeName(name: string): boolean {
  return /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(name);
}

/**
 * The name of the volume of a PersistentVolumeClaim without a PersistentVolume in the files: that of its annotation, or of
 * the claim with its namespace. Validation refuses an annotation that is no name of a volume.
 */
export function volumeOfClaim(
  claimName: string,
  { claims, namespace }: Pick<ObjectSet, 'claims' | 'namespace'>,
): string {
  const claim = claims.get(claimName);
  return (
    (claim === undefined ? undefined : volumeAnnotation(claim)) ??
    qualifiedName({ namespace, name: claimName })
  );
}

/** The name of the volume that records the adoption of a volume. */
export function adoptionRecordName(volume: string): string {
  return `${volume}_adopted`;
}

export function volumeAnnotation({
  value,
}: Pick<CheckedObject<'PersistentVolumeClaim'>, 'value'>): string | undefined {
  return value.metadata?.annotations?.[VOLUME_ANNOTATION];
}
