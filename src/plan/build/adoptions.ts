import type { DesiredPod } from '../../kube/spec/desired.ts';
import { mountedClaimSources } from '../../kube/spec/volume-kinds.ts';
import { adoptionRecordName } from '../../kube/storage/claim-volume.ts';
import { claimVolumeName } from '../../podman/names.ts';
import type { ObservedVolume } from '../../podman/inspect/observed.ts';
import { subjectId, type Change, type ClaimSubject } from '../change.ts';
import type { Step } from '../step.ts';
import { removeRecordStep } from './claims.ts';

export interface AdoptionsInput {
  readonly project: string;
  readonly pods: readonly DesiredPod[];
  /** All volumes: a record of another project may describe a volume that does not exist any more. */
  readonly volumes: readonly ObservedVolume[];
  readonly needs: readonly string[];
}

/** Adopts the volumes of PersistentVolumeClaims that podpose did not create: `down --volumes` removes them from then on. */
export function planAdoptions({ project, pods, volumes, needs }: AdoptionsInput): {
  readonly changes: readonly Change[];
  readonly steps: readonly Step[];
} {
  const byName = new Map(volumes.map((volume) => [volume.name, volume]));
  const claims = new Map(
    pods.flatMap(mountedClaimSources).map((source) => [claimVolumeName(source), source.claimName]),
  );
  const adopted = [...claims].flatMap(([name, claimName]) => {
    const volume = byName.get(name);
    return volume !== undefined && isAdoptable(volume) ? [{ volume, claimName }] : [];
  });
  return {
    changes: adopted.map(({ claimName }): Change => ({
      subject: subjectOf(claimName),
      action: 'update',
      reason: { kind: 'adopted' },
    })),
    steps: adopted.flatMap(({ volume: { name, createdAt }, claimName }): readonly Step[] => {
      const cause = subjectId(subjectOf(claimName));
      const record = adoptionRecordName(name);
      const remove = removeRecordStep(record, cause, needs);
      const isOutdated = byName.get(record)?.adoption !== undefined;
      const adopt: Step = {
        id: `adopt/${name}`,
        needs: isOutdated ? [remove.id] : needs,
        cause,
        operation: { kind: 'adopt-claim-volume', project, claimName, volume: name, createdAt },
      };
      return isOutdated ? [remove, adopt] : [adopt];
    }),
  };
}

/** Removes the records of adopted volumes that do not exist any more. */
export function removeLeftRecords(volumes: readonly ObservedVolume[]): {
  readonly changes: readonly Change[];
  readonly steps: readonly Step[];
} {
  const inUse = new Set(volumes.map(({ record }) => record));
  const left = volumes.flatMap(({ name, adoption }) =>
    adoption === undefined || inUse.has(name) ? [] : [name],
  );
  return {
    // The volume that was adopted is named by nobody: another one may have its name now.
    changes: left.map((name): Change => ({
      subject: subjectOf(name),
      action: 'repair',
      reason: { kind: 'interrupted' },
    })),
    steps: left.map((name) => removeRecordStep(name, subjectId(subjectOf(name)), [])),
  };
}

/** Whether a volume belongs to nobody. Without its time of creation, an adoption could not be recorded. */
function isAdoptable({ claim, owner, adoption, createdAt }: ObservedVolume): boolean {
  return claim === undefined && owner === undefined && adoption === undefined && createdAt !== '';
}

function subjectOf(name: string): ClaimSubject {
  return { kind: 'claim', name };
}
