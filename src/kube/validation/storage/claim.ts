import type { FieldPath } from '../../../base/path.ts';
import { suggest } from '../../../base/suggest.ts';
import type { Finding } from '../finding.ts';
import type { Claim, Pending } from '../../storage/binding.ts';
import { isVolumeName, volumeAnnotation, VOLUME_ANNOTATION } from '../../storage/claim-volume.ts';
import type { ObjectSet } from '../../config/object-set.ts';
import { claimTable } from '../../support/claim-table.ts';
import { checkClaimSpec } from './claim-spec.ts';
import { checkOldAnnotations } from './persistent-volume.ts';
import { checkVolumeAnnotations } from './volume-annotations.ts';
import { checkSupport } from '../pod/support.ts';

/** https://kubernetes.io/docs/concepts/storage/persistent-volumes/#persistentvolumeclaims */
export function* checkClaim(claim: Claim, objects: ObjectSet): Iterable<Finding> {
  yield* checkSupport(claim, claimTable);
  yield* checkOldAnnotations(claim, ['volume.beta.kubernetes.io/storage-class']);
  const binding = objects.bindings.get(claim.value.metadata?.name ?? '');
  yield* checkVolumeAnnotations(claim, binding?.kind === 'bound');
  yield* checkVolumeAnnotation(claim, objects);
  const { spec } = claim.value;
  if (spec === undefined) {
    if (!claim.isPruned(['spec']))
      yield { code: 'missing-field', path: [], message: "missing required field 'spec'" };
    return;
  }
  yield* checkClaimSpec(spec, ['spec'], claim);
  // The first of two PVCs of one name is bound.
  if (binding?.kind === 'pending' && objects.claims.get(claim.value.metadata?.name ?? '') === claim)
    yield pending(binding.because, objects);
}

/** The name of its podman volume; one that is bound to a PersistentVolume has none. */
function* checkVolumeAnnotation(claim: Claim, { bindings }: ObjectSet): Iterable<Finding> {
  const volume = volumeAnnotation(claim);
  if (volume === undefined) return;
  const path = ['metadata', 'annotations', VOLUME_ANNOTATION];
  if (!isVolumeName(volume))
    yield {
      code: 'invalid-volume-name',
      path,
      message: `'${volume}' is not a name of a podman volume: it may only contain letters, digits, '_', '.' and '-', with a letter or digit first`,
    };
  else if (bindings.get(claim.value.metadata?.name ?? '')?.kind === 'bound')
    yield {
      code: 'ignored',
      severity: 'warning',
      path,
      message: 'ignored: the PersistentVolumeClaim is bound to a PersistentVolume in the files',
    };
}

/** On a cluster such a PVC stays pending forever, and so do its pods. */
function pending(because: Pending, { persistentVolumes }: ObjectSet): Finding {
  switch (because.kind) {
    case 'volume-not-found': {
      const { volumeName } = because;
      const suggestion = suggest(volumeName, persistentVolumes.keys());
      return {
        ...unbound(['spec', 'volumeName'], `PersistentVolume '${volumeName}' not found in the files`),
        ...(suggestion === undefined ? { help: "Omit 'volumeName' to create a volume." } : { suggestion }),
      };
    }
    case 'mismatch':
      return unbound(
        ['spec', 'volumeName'],
        `cannot bind to PersistentVolume '${because.volumeName}': ${because.why}`,
      );
    case 'no-match':
      return because.asked === 'selector'
        ? {
            ...unbound(['spec', 'selector'], 'no PersistentVolume in the files matches the selector'),
            help: 'No volume is provisioned for a PersistentVolumeClaim with a selector. Omit the selector to create one.',
          }
        : {
            ...unbound(
              ['spec', 'storageClassName'],
              'no PersistentVolume without a storage class in the files matches',
            ),
            help: 'No volume is provisioned for an empty class (""). Omit \'storageClassName\' to create one.',
          };
  }
}

function unbound(path: FieldPath, message: string): Finding {
  return { code: 'unbound-claim', path, message };
}
