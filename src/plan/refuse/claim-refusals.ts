import type { Diagnostic } from '../../base/diagnostic.ts';
import { formatPath } from '../../base/path.ts';
import type { SourcedPod } from '../../kube/pod-set.ts';
import { mountedClaims } from '../../kube/spec/volume-kinds.ts';
import { adoptionRecordName } from '../../kube/storage/claim-volume.ts';
import { claimVolumeName } from '../../podman/names.ts';
import type { ObservedState, ObservedVolume } from '../../podman/inspect/observed.ts';
import { mountedSources } from '../compare/last-applied.ts';

/**
 * Refuses volumes with the name of a PersistentVolumeClaim that do not belong to this project. With `adopt`, or where no file
 * declares the claim, a volume that podpose did not create is used as it is; in the second case with a note.
 */
export function claimRefusals(
  { pod, locate, undeclaredClaims }: Pick<SourcedPod, 'pod' | 'locate' | 'undeclaredClaims'>,
  project: string,
  observed: ObservedState,
  { adopt }: { readonly adopt: boolean },
): readonly Diagnostic[] {
  const wanted = mountedClaims(pod);
  return observed.volumes.flatMap((volume) => {
    const claimName = wanted.find((name) => claimVolumeName({ claimName: name }) === volume.name);
    if (claimName === undefined || volume.claim?.project === project) return [];
    const isForeign = volume.claim === undefined && volume.owner === undefined;
    const record = isForeign && adopt ? foreignRecord(volume.name, observed) : undefined;
    if (isForeign && record === undefined && (adopt || wasAdopted(claimName, project, observed))) return [];
    const index = pod.volumes.findIndex(
      ({ source }) => source.type === 'persistentVolumeClaim' && source.claimName === claimName,
    );
    const path = ['spec', 'volumes', index, 'persistentVolumeClaim', 'claimName'];
    return [
      {
        ...(record ??
          (isForeign && undeclaredClaims.has(claimName) ? useOfForeign(volume) : refusal(volume, project))),
        path: formatPath(path),
        location: locate(path),
      } as const,
    ];
  });
}

/** Labels of a volume cannot change: an adoption is recorded in the labels of its containers. */
function wasAdopted(claimName: string, project: string, { containers }: ObservedState): boolean {
  return containers.some(
    ({ owner, labels }) =>
      owner?.project === project &&
      mountedSources(labels).some(
        ([, source]) => source['type'] === 'persistentVolumeClaim' && source['claimName'] === claimName,
      ),
  );
}

/** A volume that has the name of the record of an adoption, and is none. */
function foreignRecord(volume: string, { volumes }: ObservedState): DiagnosticOfVolume | undefined {
  const record = adoptionRecordName(volume);
  const found = volumes.find(({ name }) => name === record);
  if (found === undefined || found.adoption !== undefined) return undefined;
  return {
    severity: 'error',
    code: 'not-ours',
    message: `volume/${record} already exists, and was not created by podpose: --adopt records the adoption of volume/${volume} in a volume of this name`,
    help: `Copy its data to a volume of another name, and remove it: podman volume rm ${record}`,
  };
}

type DiagnosticOfVolume = Pick<Diagnostic, 'code' | 'severity' | 'message' | 'help'>;

function useOfForeign({ name }: ObservedVolume): DiagnosticOfVolume {
  return {
    code: 'foreign-volume',
    severity: 'note',
    message: `volume/${name} already exists, and was not created by podpose: it is used with its data, and never removed`,
    help: "With 'podpose up --adopt' it becomes part of the project: 'podpose down --volumes' removes it then.",
  };
}

function refusal({ name, owner, claim }: ObservedVolume, project: string): DiagnosticOfVolume {
  const severity = 'error';
  if (claim !== undefined)
    return {
      severity,
      code: 'other-project',
      message: `volume/${name} belongs to project '${claim.project}', not to '${project}'`,
      help: `Use -p ${claim.project} to work on that project, or rename the PersistentVolumeClaim.`,
    };
  if (owner !== undefined)
    return {
      severity,
      code: 'other-pod',
      message: `volume/${name} belongs to pod/${owner.pod} of project '${owner.project}'`,
      help: 'It is removed with that pod. Rename the PersistentVolumeClaim.',
    };
  return {
    severity,
    code: 'not-ours',
    message: `volume/${name} already exists, and was not created by podpose`,
    help: `It is kept unchanged. Use --adopt to use it with its data, or rename the PersistentVolumeClaim.`,
  };
}
