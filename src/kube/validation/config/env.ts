import { formatPath } from '../../../base/path.ts';
import { duplicates, withNames } from '../duplicates.ts';
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
    for (const { first, again } of duplicates(named))
      yield {
        code: 'duplicate-env',
        severity: 'warning',
        path: again.path,
        message: `'${again.name}' replaces the value from ${formatPath(first.path.slice(0, -1))}`,
      };
  }
}
