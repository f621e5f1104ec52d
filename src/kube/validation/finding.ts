import { defined } from '../../base/defined.ts';
import { replaceAt, type Edit } from '../../base/edit.ts';
import type { DiagnosticCode } from '../../base/diagnostic-code.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { formatPath, type FieldPath } from '../../base/path.ts';
import type { CheckedDocument } from '../../manifest/checked-document.ts';
import type { ObjectSet } from '../config/object-set.ts';
import type { PodObject } from '../spec/pod-object.ts';

/** The result of a check of an object; it gets its source location when it becomes a diagnostic. */
export interface Finding {
  readonly code: DiagnosticCode;
  readonly severity?: 'warning';
  /** As in `Diagnostic`. */
  readonly onCluster?: 'error';
  /** As in `Diagnostic`. */
  readonly isIgnored?: true;
  readonly path: FieldPath;
  /** The position of the marker; under the value by default. */
  readonly at?: 'key';
  readonly message: string;
  readonly suggestion?: string;
  readonly help?: string;
  /** YAML that is certainly right in place of the value. */
  readonly replacement?: string;
  /** The changes of the manifest that fix the mistake, if they are certain. */
  readonly edits?: readonly Edit[];
}

/** Checks one pod for one kind of error. Skips fields that `isPruned` reports as invalid. */
export type PodCheck = (pod: PodObject) => Iterable<Finding>;

/** Checks the references of one pod to the other objects of the set. */
export type ReferenceCheck = (pod: PodObject, objects: ObjectSet) => Iterable<Finding>;

export function toDiagnostic(
  object: Pick<CheckedDocument, 'locate' | 'locateKey'>,
  finding: Finding,
): Diagnostic {
  const { at, path, severity = 'error', replacement, ...rest } = finding;
  const edits = replacement === undefined ? undefined : [replaceAt(object.locate(path), replacement)];
  return {
    ...rest,
    ...defined({ edits: rest.edits ?? edits }),
    severity,
    path: formatPath(path),
    location: at === 'key' ? object.locateKey(path) : object.locate(path),
  };
}
