import type { Diagnostic } from '../base/diagnostic.ts';
import { formatPath, type FieldPath } from '../base/path.ts';
import type { PodObject } from './pod-object.ts';

/** What a check has found in a pod; its place in the text is looked up when it becomes a diagnostic. */
export interface Finding {
  readonly code: string;
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

export function toDiagnostic(pod: PodObject, finding: Finding): Diagnostic {
  const { at, path, severity = 'error', ...rest } = finding;
  return {
    ...rest,
    severity,
    path: formatPath(path),
    location: at === 'key' ? pod.locateKey(path) : pod.locate(path),
  };
}
