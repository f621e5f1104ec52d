import { defined } from '../../../base/defined.ts';
import type { Diagnostic } from '../../../base/diagnostic.ts';
import { suggest } from '../../../base/suggest.ts';
import type { FieldPath } from '../../../base/path.ts';
import { toDiagnostic, type Finding } from '../finding.ts';
import { mismatch, storageClassOf, type Claim, type PersistentVolume } from '../../storage/binding.ts';
import { isVolumeName, VOLUME_ANNOTATION } from '../../storage/claim-volume.ts';
import type { ObjectSet, ObjectSets } from '../../config/object-set.ts';
import { namespaceOf } from '../../spec/qualified-name.ts';
import type { PodObject } from '../../spec/pod-object.ts';
import { dnsSubdomain, nameProblem, validName } from '../names.ts';
import { missingObject } from '../config/references.ts';

interface ClaimUse {
  readonly claim: string;
  readonly path: FieldPath;
}

/** The PVCs that a pod uses, with their paths. */
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

/**
 * Checks the names of PVCs. One that the files do not declare gets a volume of its name, unless the name is most likely
 * a misspelled one: a volume without the expected data is worse than an error.
 */
export function* checkClaimReferences(pod: PodObject, { claims }: ObjectSet): Iterable<Finding> {
  for (const { claim, path } of usesOf(pod))
    if (claim === '')
      yield { code: 'missing-field', path, message: 'missing the name of a PersistentVolumeClaim' };
    else if (!claims.has(claim) && (suggest(claim, claims.keys()) !== undefined || !isVolumeName(claim)))
      yield missingObject('PersistentVolumeClaim', claim, path, claims.keys());
}

/** The PVCs that pods use and no file declares, each with its first use. */
function undeclaredUses(
  pods: readonly PodObject[],
  { claims }: ObjectSet,
): ReadonlyMap<string, { readonly pod: PodObject; readonly path: FieldPath }> {
  const uses = new Map<string, { readonly pod: PodObject; readonly path: FieldPath }>();
  for (const pod of pods)
    for (const { claim, path } of usesOf(pod))
      if (!claims.has(claim) && !uses.has(claim)) uses.set(claim, { pod, path });
  return uses;
}

/** Warns of each undeclared PVC once; on a cluster its pods wait for it. */
export function validateDeclared(pods: readonly PodObject[], objects: ObjectSet): readonly Diagnostic[] {
  return [...undeclaredUses(pods, objects)].flatMap(([claim, { pod, path }]) =>
    claim === '' ||
    [...checkClaimReferences(pod, objects)].some((finding) => finding.path.join() === path.join())
      ? []
      : [
          toDiagnostic(pod, {
            code: 'undeclared-claim',
            severity: 'warning',
            path,
            message: `PersistentVolumeClaim '${claim}' is not declared in the files: a volume of this name is used, and created if it does not exist`,
            help: claimHelp(claim),
          }),
        ],
  );
}

/** The claim for a cluster. One with a name that Kubernetes refuses gets another name, and keeps the volume. */
function claimHelp(name: string): string {
  const valid = nameProblem(dnsSubdomain, name) === undefined ? undefined : validName(dnsSubdomain, name);
  return valid === undefined
    ? `A cluster needs the PersistentVolumeClaim:\n${claimManifest(`{name: ${name}}`)}`
    : `A cluster needs 'claimName: ${valid}' and the PersistentVolumeClaim ('podpose fix --write' writes both):\n${claimManifest(`{name: ${valid}, annotations: {${VOLUME_ANNOTATION}: ${name}}}`)}`;
}

function claimManifest(metadata: string): string {
  return [
    '---',
    'apiVersion: v1',
    'kind: PersistentVolumeClaim',
    `metadata: ${metadata}`,
    'spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}',
  ].join('\n');
}

/**
 * With ReadWriteOncePod, a cluster starts no second pod that uses the PVC.
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
      const message = `PersistentVolumeClaim '${claim}' allows a single pod (ReadWriteOncePod) and is already used by pod '${first.value.metadata?.name ?? ''}'`;
      return [
        toDiagnostic(pod, {
          code: 'claim-in-use',
          path,
          message,
          help: 'The access mode ReadWriteOnce allows all pods of one machine.',
        }),
      ];
    }),
  );
}

/** Unused PVCs and PersistentVolumes: a reference to them may be misspelled. */
export function validateUse(pods: readonly PodObject[], sets: ObjectSets): readonly Diagnostic[] {
  // A pod with errors may be the one that uses the PVC.
  if (pods.some(({ complete }) => complete === undefined)) return [];
  const all = sets.namespaces.map((namespace) => {
    const own = pods.filter(({ value }) => namespaceOf(value.metadata) === namespace);
    return { objects: sets.in(namespace), used: new Set(own.flatMap(usesOf).map(({ claim }) => claim)) };
  });
  // A missing PVC is already reported, and its reference most likely means an unused one.
  if (all.some(({ objects, used }) => [...used].some((name) => !objects.claims.has(name)))) return [];
  const bound = new Set(
    all
      .flatMap(({ objects }) => [...objects.bindings.values()])
      .flatMap((binding) => (binding.kind === 'bound' ? [binding.volume] : [])),
  );
  const [first] = all;
  return [
    ...all.flatMap(({ objects, used }) =>
      [...objects.claims].flatMap(([name, claim]) =>
        used.has(name) ? [] : [toDiagnostic(claim, unusedClaim(name))],
      ),
    ),
    ...[...(first?.objects.persistentVolumes ?? [])].flatMap(([name, volume]) =>
      bound.has(volume)
        ? []
        : [
            toDiagnostic(
              volume,
              unboundVolume(
                name,
                volume,
                all.map(({ objects }) => objects),
              ),
            ),
          ],
    ),
  ];
}

const NAME = ['metadata', 'name'];

function unusedClaim(name: string): Finding {
  return {
    code: 'unused-claim',
    severity: 'warning',
    path: NAME,
    message: `PersistentVolumeClaim '${name}' is not used by any pod in the files: no volume is created`,
  };
}

function unboundVolume(name: string, volume: PersistentVolume, sets: readonly ObjectSet[]): Finding {
  const near = sets.flatMap(({ claims, bindings }) =>
    [...claims].flatMap(([claimName, claim]): readonly string[] => {
      const why =
        isNear(claim, volume) && bindings.get(claimName)?.kind !== 'bound'
          ? mismatch(claim, volume)
          : undefined;
      return why === undefined ? [] : [`PersistentVolumeClaim '${claimName}' does not fit: ${why}.`];
    }),
  );
  return {
    code: 'unbound-volume',
    severity: 'warning',
    path: NAME,
    message: `PersistentVolume '${name}' is not bound to any PersistentVolumeClaim in the files`,
    ...defined({ help: near[0] }),
  };
}

function isNear(claim: Claim, volume: PersistentVolume): boolean {
  return storageClassOf(claim) === storageClassOf(volume);
}
