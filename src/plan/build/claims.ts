import { compareTexts } from '../../base/text.ts';
import type { DesiredPod } from '../../kube/spec/desired.ts';
import { mountedClaims } from '../../kube/spec/volume-kinds.ts';
import { claimVolumeName } from '../../podman/names.ts';
import type { ObservedVolume } from '../../podman/inspect/observed.ts';
import { subjectId, type Change, type ClaimSubject } from '../change.ts';
import type { Step } from '../step.ts';

export interface ClaimsInput {
  readonly project: string;
  /** Those in which something is done, in the order of the files: what all others mount is there. */
  readonly pods: readonly DesiredPod[];
  readonly volumes: readonly ObservedVolume[];
  readonly needs: readonly string[];
}

/**
 * Makes the volumes of claims that are missing, before the pods that share them. What is there stays as it is, whatever
 * the claim says: no size and no mode of it has a say in what the volume is.
 */
export function planClaims({ project, pods, volumes, needs }: ClaimsInput): {
  readonly changes: readonly Change[];
  readonly steps: readonly Step[];
} {
  const there = new Set(volumes.map(({ name }) => name));
  const missing = new Map<string, DesiredPod>();
  for (const pod of pods)
    for (const claimName of mountedClaims(pod))
      if (!there.has(claimVolumeName({ claimName })) && !missing.has(claimName)) missing.set(claimName, pod);
  return {
    changes: [...missing.keys()].map((name) => ({
      subject: { kind: 'claim', name },
      action: 'create',
      reason: { kind: 'absent' },
    })),
    steps: [...missing].map(([claimName, { fsGroup }]) => ({
      id: claimStepId(claimName),
      needs,
      cause: claimStepId(claimName),
      operation: {
        kind: 'create-claim-volume',
        project,
        claimName,
        ...(fsGroup === undefined ? {} : { group: fsGroup }),
      },
    })),
  };
}

function claimStepId(name: string): string {
  return subjectId({ kind: 'claim', name });
}

/** The steps among these that make what a pod mounts. */
export function claimStepsFor(pod: DesiredPod, steps: readonly Step[]): readonly string[] {
  const wanted = new Set(mountedClaims(pod).map(claimStepId));
  return steps.flatMap(({ id }) => (wanted.has(id) ? [id] : []));
}

/**
 * Claims that are there already are given to the fsGroup of a pod that is made; new ones are made for it, and those that
 * it only reads are let alone. https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
 * @param made ids of the steps that make claims of the pod
 */
export function volumeOwnershipSteps(
  pod: DesiredPod,
  made: readonly string[],
  cause: string,
  needs: readonly string[],
): readonly Step[] {
  const { fsGroup, fsGroupChangePolicy } = pod;
  if (fsGroup === undefined) return [];
  const written = new Set(
    [...pod.initContainers, ...pod.containers]
      .flatMap(({ volumeMounts }) => volumeMounts)
      .flatMap(({ source, readOnly }) =>
        source.type === 'persistentVolumeClaim' && !readOnly ? [source.claimName] : [],
      ),
  );
  const claims = [...written].filter((name) => !made.includes(claimStepId(name))).sort();
  if (claims.length === 0) return [];
  return [
    {
      id: `give-to-group/${pod.name}`,
      needs,
      cause,
      operation: {
        kind: 'set-volume-ownership',
        pod: pod.name,
        volumes: claims.map((claimName) => claimVolumeName({ claimName })),
        group: fsGroup,
        onRootMismatch: fsGroupChangePolicy === 'OnRootMismatch',
      },
    },
  ];
}

/** Removes the volumes of claims with all that is in them, once no container mounts them any more. */
export function removeClaims(
  volumes: readonly ObservedVolume[],
  reason: Change['reason'],
  needs: readonly string[],
): { readonly changes: readonly Change[]; readonly steps: readonly Step[] } {
  const claims = volumes
    .flatMap(({ name, claim }) => (claim === undefined ? [] : [{ name, claimName: claim.claimName }]))
    .sort((a, b) => compareTexts(a.name, b.name));
  const subjectOf = ({ claimName: name }: { readonly claimName: string }): ClaimSubject => ({
    kind: 'claim',
    name,
  });
  return {
    changes: claims.map((claim) => ({ subject: subjectOf(claim), action: 'remove', reason })),
    steps: claims.map((claim) => ({
      id: `remove-${subjectId(subjectOf(claim))}`,
      needs,
      cause: subjectId(subjectOf(claim)),
      operation: { kind: 'remove-volumes', volumes: [claim.name] },
    })),
  };
}
