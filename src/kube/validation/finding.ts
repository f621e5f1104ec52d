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
  object: Pick<CheckedDocument, 'locate' | 'locateKey'> & Pick<PodObject, 'origin'>,
  finding: Finding,
): Diagnostic {
  const { at, path, severity = 'error', replacement, ...rest } = finding;
  const { origin } = object;
  const edits = replacement === undefined ? undefined : [replaceAt(object.locate(path), replacement)];
  return {
    ...rest,
    ...defined({ edits: rest.edits ?? edits }),
    severity,
    ...(origin === undefined
      ? { path: formatPath(path) }
      : {
          path: formatPath(origin.pathOf(path)),
          message: withTemplatePaths(rest.message, ['spec', 'template']),
        }),
    location: at === 'key' ? object.locateKey(path) : object.locate(path),
  };
}

/** Paths of a pod, as in "already used by spec.containers[0]"; those in quotes are values, or general. */
const POD_PATH = /(?<![\w.'])spec\.(?=[a-z])/g;

/** A message about a pod, with the paths of the object whose template is at `path`. */
export function withTemplatePaths(message: string, path: FieldPath): string {
  return message.replace(POD_PATH, `${formatPath(path)}.spec.`);
}
