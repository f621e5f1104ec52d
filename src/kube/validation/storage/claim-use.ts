import type { Diagnostic } from '../../../base/diagnostic.ts';
import type { FieldPath } from '../../../base/path.ts';
import { toDiagnostic, type Finding } from '../finding.ts';
import { misfit, storageClassOf, type Claim, type PersistentVolume } from '../../storage/binding.ts';
import type { ObjectSet } from '../../config/object-set.ts';
import type { PodObject } from '../../spec/pod-object.ts';
import { missingObject } from '../config/references.ts';

interface ClaimUse {
  readonly claim: string;
  readonly path: FieldPath;
}

/** The claims that a pod names, with their places. */
function usesOf({ value }: PodObject): readonly ClaimUse[] {
  return (value.spec?.volumes ?? []).flatMap(({ persistentVolumeClaim }, index) =>
    persistentVolumeClaim?.claimName === undefined
      ? []
      : [
          {
            claim: persistentVolumeClaim.claimName,
            path: ['spec', 'volumes', index, 'persistentVolumeClaim', 'claimName'],
          },
        ],
  );
}

/** A pod whose claim nobody declares waits for it on a cluster. */
export function* checkClaimReferences(pod: PodObject, { claims }: ObjectSet): Iterable<Finding> {
  for (const { claim, path } of usesOf(pod))
    if (claim === '') yield { code: 'missing-field', path, message: 'must name a PersistentVolumeClaim' };
    else if (!claims.has(claim)) yield missingObject('PersistentVolumeClaim', claim, path, claims.keys());
}

/**
 * With ReadWriteOncePod, a cluster starts no second pod that uses the claim.
 * https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes
 */
export function validateSinglePodClaims(
  pods: readonly PodObject[],
  { claims }: ObjectSet,
): readonly Diagnostic[] {
  const users = new Map<string, PodObject>();
  return pods.flatMap((pod) =>
    usesOf(pod).flatMap(({ claim, path }) => {
      if (claims.get(claim)?.value.spec?.accessModes?.includes('ReadWriteOncePod') !== true) return [];
      const first = users.get(claim) ?? pod;
      users.set(claim, first);
      if (first === pod) return [];
      const message = `the claim '${claim}' is for one pod only (ReadWriteOncePod), and the pod '${first.value.metadata?.name ?? ''}' uses it`;
      return [
        toDiagnostic(pod, {
          code: 'claim-in-use',
          path,
          message,
          help: 'With the access mode ReadWriteOnce, all pods of one machine may use it.',
        }),
      ];
    }),
  );
}

/** Claims and PersistentVolumes that nothing comes of: the name by which they are meant may be a wrong one. */
export function validateUse(pods: readonly PodObject[], objects: ObjectSet): readonly Diagnostic[] {
  // Where anything is wrong with a pod, it may be the name of the claim.
  if (pods.some(({ complete }) => complete === undefined)) return [];
  const used = new Set(pods.flatMap(usesOf).map(({ claim }) => claim));
  // A claim that is not there is told of, and most likely meant one that seems unused.
  if ([...used].some((name) => !objects.claims.has(name))) return [];
  const bound = new Set(
    [...objects.bindings.values()].flatMap((binding) => (binding.kind === 'bound' ? [binding.volume] : [])),
  );
  return [
    ...[...objects.claims].flatMap(([name, claim]) =>
      used.has(name) ? [] : [toDiagnostic(claim, unusedClaim(name))],
    ),
    ...[...objects.persistentVolumes].flatMap(([name, volume]) =>
      bound.has(volume) ? [] : [toDiagnostic(volume, unboundVolume(name, volume, objects))],
    ),
  ];
}

const NAME = ['metadata', 'name'];

function unusedClaim(name: string): Finding {
  return {
    code: 'unused-claim',
    severity: 'warning',
    path: NAME,
    message: `no pod in the files uses the claim '${name}', and so no volume is made for it`,
  };
}

function unboundVolume(name: string, volume: PersistentVolume, { claims, bindings }: ObjectSet): Finding {
  const near = [...claims].flatMap(([claimName, claim]): readonly string[] => {
    const why =
      isNear(claim, volume) && bindings.get(claimName)?.kind !== 'bound' ? misfit(claim, volume) : undefined;
    return why === undefined ? [] : [`The claim '${claimName}' is not: ${why}.`];
  });
  return {
    code: 'unbound-volume',
    severity: 'warning',
    path: NAME,
    message: `no claim in the files is bound to the PersistentVolume '${name}'`,
    ...(near[0] === undefined ? {} : { help: near[0] }),
  };
}

function isNear(claim: Claim, volume: PersistentVolume): boolean {
  return storageClassOf(claim) === storageClassOf(volume);
}
