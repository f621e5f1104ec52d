import type { CheckedDocument } from '../../manifest/checked-document.ts';
import { qualifiedNameOf } from '../spec/qualified-name.ts';
import { ownerOf } from './owner.ts';
import { isWorkload, type WorkloadObject } from './workload.ts';

/** A workload whose number of pods a user chooses. */
type Scalable = Exclude<WorkloadObject, { readonly kind: 'DaemonSet' | 'Job' }>;

export function isScalable(document: CheckedDocument): document is CheckedDocument & Scalable {
  return isWorkload(document) && document.kind !== 'DaemonSet' && document.kind !== 'Job';
}

/** The documents with other numbers of replicas, by owner: `deploy/web`, in another namespace `deploy/staging_web`. */
export function withReplicas(
  documents: readonly CheckedDocument[],
  replicas: ReadonlyMap<string, number>,
): readonly CheckedDocument[] {
  return documents.map((document) => {
    if (!isScalable(document)) return document;
    const number = replicas.get(ownerOf(document.kind, qualifiedNameOf(document.value.metadata)));
    return number === undefined ? document : scaled(document, number);
  });
}

function scaled(workload: CheckedDocument & Scalable, replicas: number): CheckedDocument {
  const { value, complete } = workload;
  return {
    ...workload,
    value: { ...value, spec: { ...value.spec, replicas } },
    complete: complete === undefined ? undefined : { ...complete, spec: { ...complete.spec, replicas } },
  } as CheckedDocument;
}
