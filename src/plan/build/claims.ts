import { defined } from '../../base/defined.ts';
import { compareTexts } from '../../base/text.ts';
import type { DesiredPod } from '../../kube/spec/desired.ts';
import type { ClaimSource } from '../../kube/spec/desired-volume.ts';
import { mountedClaims, mountedClaimSources } from '../../kube/spec/volume-kinds.ts';
import { claimVolumeName } from '../../podman/names.ts';
import type { ObservedVolume } from '../../podman/inspect/observed.ts';
import { subjectId, type Change, type ClaimSubject } from '../change.ts';
import type { Step } from '../step.ts';

export interface ClaimsInput {
  readonly project: string;
  /** Pods with changes, in the order of the files. Unchanged pods have their volumes. */
  readonly pods: readonly DesiredPod[];
  readonly volumes: readonly ObservedVolume[];
  readonly needs: readonly string[];
}

/**
 * Creates missing volumes of PersistentVolumeClaims, before the pods that share them. Existing ones are kept: the size and
 * access modes of a PersistentVolumeClaim do not affect its volume.
 */
export function planClaims({ project, pods, volumes, needs }: ClaimsInput): {
  readonly changes: readonly Change[];
  readonly steps: readonly Step[];
} {
  const existing = new Set(volumes.map(({ name }) => name));
  const missing = new Map<string, MissingClaim>();
  for (const pod of pods)
    for (const source of mountedClaimSources(pod))
      if (!existing.has(claimVolumeName(source)) && !missing.has(source.claimName))
        missing.set(source.claimName, { pod, source });
  return {
    changes: [...missing.keys()].map((name) => ({
      subject: { kind: 'claim', name },
      action: 'create',
      reason: { kind: 'absent' },
    })),
    steps: [...missing].map(
      ([
        claimName,
        {
          pod: { fsGroup },
          source: { options },
        },
      ]) => ({
        id: claimStepId(claimName),
        needs,
        cause: claimStepId(claimName),
        operation: {
          kind: 'create-claim-volume',
          project,
          claimName,
          ...defined({ group: fsGroup, options }),
        },
      }),
    ),
  };
}

interface MissingClaim {
  /** The first pod that mounts it. */
  readonly pod: DesiredPod;
  readonly source: ClaimSource;
}

function claimStepId(name: string): string {
  return subjectId({ kind: 'claim', name });
}

/** IDs of the steps that create volumes of a pod's PersistentVolumeClaims. */
export function claimStepsFor(pod: DesiredPod, steps: readonly Step[]): readonly string[] {
  const wanted = new Set(mountedClaims(pod).map(claimStepId));
  return steps.flatMap(({ id }) => (wanted.has(id) ? [id] : []));
}

/**
 * Changes the group of existing PersistentVolumeClaim volumes to the fsGroup of a new pod. New volumes are created with
 * it, and read-only mounts do not need it.
 * https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
 * @param created IDs of the steps that create volumes of the pod's PersistentVolumeClaims
 */
export function volumeOwnershipSteps(
  pod: DesiredPod,
  created: readonly string[],
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
  const claims = [...written].filter((name) => !created.includes(claimStepId(name))).sort();
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

/**
 * Removes volumes of PersistentVolumeClaims and their data, after the containers that mount them. The record of an adopted
 * volume is removed once the volume is: without it, the volume would not belong to the project any more.
 */
export function removeClaims(
  volumes: readonly ObservedVolume[],
  reason: Change['reason'],
  needs: readonly string[],
): { readonly changes: readonly Change[]; readonly steps: readonly Step[] } {
  const claims = volumes
    .flatMap((volume) =>
      volume.claim === undefined ? [] : [{ ...volume, claimName: volume.claim.claimName }],
    )
    .sort((a, b) => compareTexts(a.claimName, b.claimName));
  const subjectOf = ({ claimName: name }: { readonly claimName: string }): ClaimSubject => ({
    kind: 'claim',
    name,
  });
  return {
    changes: claims.map((claim) => ({ subject: subjectOf(claim), action: 'remove', reason })),
    steps: claims.flatMap((claim) => {
      const cause = subjectId(subjectOf(claim));
      const remove: Step = {
        id: `remove-${cause}`,
        needs,
        cause,
        operation: { kind: 'remove-volumes', volumes: [claim.name] },
      };
      return claim.record === undefined
        ? [remove]
        : [remove, removeRecordStep(claim.record, cause, [remove.id])];
    }),
  };
}

/** Removes the record of an adopted volume. */
export function removeRecordStep(record: string, cause: string, needs: readonly string[]): Step {
  return {
    id: `remove-record/${record}`,
    needs,
    cause,
    operation: { kind: 'remove-volumes', volumes: [record] },
  };
}
