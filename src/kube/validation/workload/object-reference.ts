import type { FieldPath } from '../../../base/path.ts';
import type { Incomplete } from '../../../manifest/checked-document.ts';
import type { CrossVersionObjectReference } from '../../../manifest/schema/generated/kubernetes.ts';
import type { Finding } from '../finding.ts';
import { checkName, pathSegment } from '../names.ts';

/** ValidateCrossVersionObjectReference in pkg/apis/autoscaling/validation. */
export function* checkObjectReference(
  { apiVersion = '', kind, name }: Incomplete<CrossVersionObjectReference>,
  path: FieldPath,
  { needsGroup }: { readonly needsGroup: boolean },
): Iterable<Finding> {
  if (kind !== undefined) yield* checkName(pathSegment, kind, [...path, 'kind']);
  if (name !== undefined) yield* checkName(pathSegment, name, [...path, 'name']);
  const parts = apiVersion.split('/');
  if (parts.length > 2)
    yield {
      code: 'wrong-value',
      path: [...path, 'apiVersion'],
      message: `'${apiVersion}' may only contain one '/'`,
    };
  else if (needsGroup && (parts.length < 2 || parts[0] === ''))
    yield {
      code: 'wrong-value',
      path: [...path, 'apiVersion'],
      message: `must be a group and a version${apiVersion === '' ? '' : `, got '${apiVersion}'`}`,
      help: "For a Deployment, a ReplicaSet or a StatefulSet: 'apps/v1'.",
    };
}
