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
  readonly path: FieldPath;
  /** The position of the marker; under the value by default. */
  readonly at?: 'key';
  readonly message: string;
  readonly suggestion?: string;
  readonly help?: string;
  /** Every place with the name that the suggestion replaces, `path` included. */
  readonly renames?: readonly FieldPath[];
}

/** Checks one pod for one kind of error. Skips fields that `isPruned` reports as invalid. */
export type PodCheck = (pod: PodObject) => Iterable<Finding>;

/** Checks the references of one pod to the other objects of the set. */
export type ReferenceCheck = (pod: PodObject, objects: ObjectSet) => Iterable<Finding>;

export function toDiagnostic(
  object: Pick<CheckedDocument, 'locate' | 'locateKey'>,
  finding: Finding,
): Diagnostic {
  const { at, path, severity = 'error', renames, ...rest } = finding;
  const { suggestion } = finding;
  const edits =
    renames === undefined || suggestion === undefined
      ? undefined
      : renames.map((place): Edit => ({ ...replaceAt(object.locate(place), suggestion), keepsQuotes: true }));
  return {
    ...rest,
    ...defined({ edits }),
    severity,
    path: formatPath(path),
    location: at === 'key' ? object.locateKey(path) : object.locate(path),
  };
}
