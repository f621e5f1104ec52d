import { formatPath } from '../../../base/path.ts';
import type { Incomplete } from '../../../manifest/checked-document.ts';
import type { EnvVar } from '../../../manifest/schema/generated/kubernetes.ts';
import { duplicates, withNames, type Named } from '../duplicates.ts';
import type { Finding } from '../finding.ts';
import { envName, nameProblem } from '../names.ts';
import { containersOf, type PodObject } from '../../spec/pod-object.ts';

/** https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/ */
export function* checkEnv(pod: PodObject): Iterable<Finding> {
  for (const { path, value } of containersOf(pod)) {
    const named = withNames(value.env, [...path, 'env']);
    for (const { name, path: namePath } of named) {
      const message = nameProblem(envName, name);
      if (message !== undefined) yield { code: 'invalid-name', path: namePath, message };
    }
    for (const { first, again } of duplicates(named)) yield* checkHides(first, again, value.env ?? []);
  }
}

/**
 * Whether a variable hides an earlier one of its name; `$(NAME)` with more text in its value extends it instead
 * (warningsForPodSpecAndMeta in pkg/api/pod/warnings.go).
 */
function* checkHides(
  first: Named,
  again: Named,
  variables: readonly Incomplete<EnvVar>[],
): Iterable<Finding> {
  const { value = '', valueFrom } = variables[Number(again.path.at(-2))] ?? {};
  const reference = `$(${again.name})`;
  if (valueFrom === undefined && value.includes(reference) && value !== reference) return;
  yield {
    code: 'duplicate-env',
    severity: 'warning',
    path: again.path,
    message: `'${again.name}' replaces the value from ${formatPath(first.path.slice(0, -1))}`,
  };
}
