import type { Diagnostic } from '../../base/diagnostic.ts';
import type { CheckedDocument, Incomplete } from '../../manifest/checked-document.ts';
import type { PodTemplateSpec } from '../../manifest/schema/generated/kubernetes.ts';
import { qualifiedNameOf } from '../spec/qualified-name.ts';
import { toDiagnostic } from '../validation/finding.ts';
import { ownerOf } from './owner.ts';
import { templateHash } from './template-hash.ts';
import { isWorkload, type WorkloadObject } from './workload.ts';

/** The annotation of a template by which kubectl restarts the pods of a workload. */
export const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';

/** A workload whose pods are rolled out. */
export type RolledOut = Extract<
  WorkloadObject,
  { readonly kind: 'Deployment' | 'DaemonSet' | 'StatefulSet' }
>;

/**
 * What differs from the template in the files:
 * - `restarted`: the annotation with the time of a restart
 * - `revision`: the whole template is an earlier one
 * - `no-pods`: no pod is created
 */
export type TemplateChange =
  | { readonly kind: 'restarted'; readonly at: string }
  | { readonly kind: 'revision'; readonly template: Incomplete<PodTemplateSpec> }
  | { readonly kind: 'no-pods' };

/** The changes of templates, by workload: `deploy/web`, in another namespace than the default one `deploy/staging_web`. */
export type TemplateChanges = ReadonlyMap<string, TemplateChange>;

export function isRolledOut(document: CheckedDocument): document is CheckedDocument & RolledOut {
  return isWorkload(document) && ['Deployment', 'DaemonSet', 'StatefulSet'].includes(document.kind);
}

/** A workload that keeps the template of its pods, and creates none without pods. */
export function isPaused(document: CheckedDocument): boolean {
  return document.kind === 'Deployment' && document.value.spec?.paused === true;
}

/** The owner of the pods of a workload: `deploy/web`. */
export function ownerOfObject({ kind, value }: Pick<WorkloadObject, 'kind' | 'value'>): string {
  return ownerOf(kind, qualifiedNameOf(value.metadata));
}

/** The documents with the changes of their templates. */
export function withTemplates(
  documents: readonly CheckedDocument[],
  changes: TemplateChanges,
): readonly CheckedDocument[] {
  return documents.map((document) => {
    const change = isRolledOut(document) ? changes.get(ownerOfObject(document)) : undefined;
    return change === undefined ? document : changed(document as CheckedDocument & RolledOut, change);
  });
}

function changed(workload: CheckedDocument & RolledOut, change: TemplateChange): CheckedDocument {
  const { value, complete } = workload;
  return {
    ...workload,
    value: { ...value, spec: changedSpec(value.spec, change) },
    complete: complete === undefined ? undefined : { ...complete, spec: changedSpec(complete.spec, change) },
  } as CheckedDocument;
}

function changedSpec(spec: RolledOut['value']['spec'], change: TemplateChange): object {
  const template = spec?.template;
  switch (change.kind) {
    case 'restarted': {
      const annotations = { ...template?.metadata?.annotations, [RESTARTED_AT]: change.at };
      return { ...spec, template: { ...template, metadata: { ...template?.metadata, annotations } } };
    }
    case 'revision':
      return { ...spec, template: change.template };
    case 'no-pods':
      return { ...spec, replicas: 0 };
  }
}

/**
 * What a paused Deployment leaves out: all of its pods, with a warning, or the template of the file.
 * @param documents with their own templates
 */
export function pausedNotes(
  documents: readonly CheckedDocument[],
  changes: TemplateChanges,
): readonly Diagnostic[] {
  return documents.filter(isRolledOut).flatMap((document) => {
    const change = isPaused(document) ? changes.get(ownerOfObject(document)) : undefined;
    const path = ['spec', 'paused'];
    if (change?.kind === 'no-pods')
      return [
        toDiagnostic(document, {
          ...{ code: 'pending-pods', severity: 'warning', path, at: 'key' },
          message: 'no pod is created: the Deployment is paused',
        }),
      ];
    const template = document.value.spec?.template ?? {};
    if (change?.kind !== 'revision' || templateHash(change.template) === templateHash(template)) return [];
    const { severity: _error, ...note } = toDiagnostic(document, {
      ...{ code: 'earlier-template', path, at: 'key' },
      message: 'its pods keep their template, which differs from that of the file: the Deployment is paused',
    });
    return [{ ...note, severity: 'note' }];
  });
}
