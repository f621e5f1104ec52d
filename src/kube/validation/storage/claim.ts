import type { FieldPath } from '../../../base/path.ts';
import { suggest } from '../../../base/suggest.ts';
import type { Finding } from '../finding.ts';
import type { Claim, Pending } from '../../storage/binding.ts';
import type { ObjectSet } from '../../config/object-set.ts';
import { claimTable } from '../../support/claim-table.ts';
import { checkClaimSpec } from './claim-spec.ts';
import { checkSupport } from '../pod/support.ts';

/** https://kubernetes.io/docs/concepts/storage/persistent-volumes/#persistentvolumeclaims */
export function* checkClaim(claim: Claim, objects: ObjectSet): Iterable<Finding> {
  yield* checkSupport(claim, claimTable);
  const { spec } = claim.value;
  if (spec === undefined) {
    if (!claim.isPruned(['spec']))
      yield { code: 'missing-field', path: [], message: "missing required field 'spec'" };
    return;
  }
  yield* checkClaimSpec(spec, ['spec'], claim.isPruned);
  const binding = objects.bindings.get(claim.value.metadata?.name ?? '');
  // Of two claims of one name, the first is the one that is bound.
  if (binding?.kind === 'pending' && objects.claims.get(claim.value.metadata?.name ?? '') === claim)
    yield pending(binding.because, objects);
}

/** What a cluster would never bind waits for ever there, and its pods with it. */
function pending(because: Pending, { persistentVolumes }: ObjectSet): Finding {
  switch (because.kind) {
    case 'no-such-volume': {
      const { volumeName } = because;
      const suggestion = suggest(volumeName, persistentVolumes.keys());
      return {
        ...unbound(['spec', 'volumeName'], `there is no PersistentVolume '${volumeName}' in the files`),
        ...(suggestion === undefined
          ? { help: "Leave 'volumeName' out to have a volume made for the claim." }
          : { suggestion }),
      };
    }
    case 'misfit':
      return unbound(
        ['spec', 'volumeName'],
        `the claim cannot be bound to the PersistentVolume '${because.volumeName}': ${because.why}`,
      );
    case 'none-fits':
      return because.asked === 'selector'
        ? {
            ...unbound(
              ['spec', 'selector'],
              'no PersistentVolume in the files fits the claim with its selector',
            ),
            help: 'A claim with a selector gets no new volume on a cluster. Leave the selector out to have one made.',
          }
        : {
            ...unbound(
              ['spec', 'storageClassName'],
              'no PersistentVolume without a class in the files fits the claim',
            ),
            help: 'With "" a claim gets no new volume on a cluster. Leave \'storageClassName\' out to have one made.',
          };
  }
}

function unbound(path: FieldPath, message: string): Finding {
  return { code: 'unbound-claim', path, message };
}
