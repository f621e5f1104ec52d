import type { FieldPath } from '../../base/path.ts';
import type { CheckedDocument, CheckedObject, Incomplete } from '../../manifest/checked-document.ts';
import type { PersistentVolumeClaim } from '../../manifest/schema/generated/kubernetes.ts';
import type { PodIdentity } from './pod-of-template.ts';
import type { PodObject } from '../spec/pod-object.ts';
import { qualifiedNameOf } from '../spec/qualified-name.ts';
import { ownerOf } from './owner.ts';
import { type WorkloadObject } from './workload.ts';

type StatefulSet = Extract<WorkloadObject, { readonly kind: 'StatefulSet' }>;

/** The claims of one pod of a StatefulSet: `data-web-0` (getPersistentVolumeClaimName in pkg/controller/statefulset). */
export function claimsOfPod(set: StatefulSet, podName: string): NonNullable<PodIdentity['claims']> {
  const seen = new Set<string>();
  return (set.value.spec?.volumeClaimTemplates ?? []).flatMap(({ metadata }, index) => {
    const volume = metadata?.name ?? '';
    if (volume === '' || seen.has(volume)) return [];
    seen.add(volume);
    return [{ volume, claimName: `${volume}-${podName}`, index }];
  });
}

/** The PersistentVolumeClaims that the controller of a StatefulSet creates for a pod, unless the files declare them. */
export function claimObjects(set: StatefulSet, podName: string): readonly CheckedDocument[] {
  return claimsOfPod(set, podName).map(({ claimName, index }) => {
    const template = set.value.spec?.volumeClaimTemplates?.[index];
    const namespace = set.value.metadata?.namespace;
    const value: Incomplete<PersistentVolumeClaim> = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { ...template?.metadata, ...(namespace === undefined ? {} : { namespace }), name: claimName },
      ...(template?.spec === undefined ? {} : { spec: template.spec }),
    };
    const inSet = (path: FieldPath): FieldPath => ['spec', 'volumeClaimTemplates', index, ...path];
    const claim: CheckedObject<'PersistentVolumeClaim'> & Pick<PodObject, 'origin'> = {
      kind: 'PersistentVolumeClaim',
      file: set.file,
      origin: { owner: ownerOf(set.kind, qualifiedNameOf(set.value.metadata)), pathOf: inSet },
      value,
      // The schema has checked it with the StatefulSet.
      complete: set.complete === undefined ? undefined : (value as PersistentVolumeClaim),
      locate: (path) => set.locate(inSet(path)),
      locateKey: (path) => set.locateKey(inSet(path)),
      edit: {
        ...set.edit,
        insert: (path, name, field, neighbour) => set.edit.insert(inSet(path), name, field, neighbour),
        move: (from, target) => set.edit.move(inSet(from), inSet(target)),
      },
      isPruned: (path) => set.isPruned(inSet(path)),
      hasPruned: (path) => set.hasPruned(inSet(path)),
    };
    return claim;
  });
}
