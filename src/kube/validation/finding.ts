import type { DiagnosticCode } from '../../base/diagnostic-code.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { formatPath, type FieldPath } from '../../base/path.ts';
import type { CheckedDocument } from '../../manifest/checked-document.ts';
import type { ObjectSet } from '../config/object-set.ts';
import type { PodObject } from '../spec/pod-object.ts';

/** What a check has found in a pod, or another object; its place in the text is looked up when it becomes a diagnostic. */
export interface Finding {
  readonly code: DiagnosticCode;
  readonly severity?: 'warning';
  readonly path: FieldPath;
  /** Where to put the marker: under the value, if nothing is said. */
  readonly at?: 'key';
  readonly message: string;
  readonly suggestion?: string;
  readonly help?: string;
}

/** Looks at one pod for one kind of mistake. What `isPruned` says was reported before is passed over. */
export type PodCheck = (pod: PodObject) => Iterable<Finding>;

/** Looks at what one pod wants of the other objects of the set. */
export type ReferenceCheck = (pod: PodObject, objects: ObjectSet) => Iterable<Finding>;

export function toDiagnostic(
  object: Pick<CheckedDocument, 'locate' | 'locateKey'>,
  finding: Finding,
): Diagnostic {
  const { at, path, severity = 'error', ...rest } = finding;
  return {
    ...rest,
    severity,
    path: formatPath(path),
    location: at === 'key' ? object.locateKey(path) : object.locate(path),
  };
}
