import type { Diagnostic } from '../../base/diagnostic.ts';
import { formatPath } from '../../base/path.ts';
import type { SourcedPod } from '../../kube/pod-set.ts';
import { mountedClaims } from '../../kube/spec/volume-kinds.ts';
import { claimVolumeName } from '../../podman/names.ts';
import type { ObservedState, ObservedVolume } from '../../podman/inspect/observed.ts';
import { mountedSources } from '../compare/last-applied.ts';

/**
 * Volumes that have the name of a claim which a pod mounts, and are not this project's: whatever is in them, nobody
 * has said that the pod may have it. With `adopt`, one that podpose did not make is used as it is.
 */
export function claimRefusals(
  { pod, locate }: Pick<SourcedPod, 'pod' | 'locate'>,
  project: string,
  observed: ObservedState,
  { adopt }: { readonly adopt: boolean },
): readonly Diagnostic[] {
  const wanted = mountedClaims(pod);
  return observed.volumes.flatMap((volume) => {
    const claimName = wanted.find((name) => claimVolumeName({ claimName: name }) === volume.name);
    if (claimName === undefined || volume.claim?.project === project) return [];
    const isStrange = volume.claim === undefined && volume.owner === undefined;
    if (isStrange && (adopt || wasAdopted(claimName, project, observed))) return [];
    const index = pod.volumes.findIndex(
      ({ source }) => source.type === 'persistentVolumeClaim' && source.claimName === claimName,
    );
    const path = ['spec', 'volumes', index, 'persistentVolumeClaim', 'claimName'];
    return [
      {
        ...refusal(volume, project),
        severity: 'error',
        path: formatPath(path),
        location: locate(path),
      } as const,
    ];
  });
}

/** A volume cannot be given labels: that it was taken over stands in those of the containers that mount it. */
function wasAdopted(claimName: string, project: string, { containers }: ObservedState): boolean {
  return containers.some(
    ({ owner, labels }) =>
      owner?.project === project &&
      mountedSources(labels).some(
        ([, source]) => source['type'] === 'persistentVolumeClaim' && source['claimName'] === claimName,
      ),
  );
}

function refusal(
  { name, owner, claim }: ObservedVolume,
  project: string,
): Pick<Diagnostic, 'code' | 'message' | 'help'> {
  if (claim !== undefined)
    return {
      code: 'other-project',
      message: `the volume '${name}' belongs to the project '${claim.project}', and this is '${project}'`,
      help: `Use -p ${claim.project} to work on that project, or give the claim another name.`,
    };
  if (owner !== undefined)
    return {
      code: 'other-pod',
      message: `the volume '${name}' was made for the pod '${owner.pod}' of the project '${owner.project}'`,
      help: 'It goes with that pod, and so cannot be the volume of a claim. Give the claim another name.',
    };
  return {
    code: 'not-ours',
    message: `podman has a volume '${name}' already, and podpose did not make it`,
    help: `It is left alone. --adopt uses it as it is, with what is in it; else give the claim another name.`,
  };
}
