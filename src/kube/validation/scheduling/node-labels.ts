import type { FieldPath } from '../../../base/path.ts';
import type { Finding } from '../finding.ts';

/** Labels of nodes that newer ones replaced, each with what to use (deprecatedNodeLabels in pkg/api/node/util.go). */
const DEPRECATED_LABELS: ReadonlyMap<string, string> = new Map([
  ['beta.kubernetes.io/arch', "use 'kubernetes.io/arch'"],
  ['beta.kubernetes.io/os', "use 'kubernetes.io/os'"],
  ['failure-domain.beta.kubernetes.io/region', "use 'topology.kubernetes.io/region'"],
  ['failure-domain.beta.kubernetes.io/zone', "use 'topology.kubernetes.io/zone'"],
  ['beta.kubernetes.io/instance-type', "use 'node.kubernetes.io/instance-type'"],
  ['app.kubernetes.io/created-by', 'nodes do not have it'],
  ['scheduler.alpha.kubernetes.io/preferAvoidPods', 'use taints and tolerations'],
  ['node-role.kubernetes.io/master', "use 'node-role.kubernetes.io/control-plane'"],
]);

/** A label of a node that is deprecated; `at` is 'key' where the label is the name of a field. */
export function* checkNodeLabel(label: string, path: FieldPath, at?: 'key'): Iterable<Finding> {
  const instead = DEPRECATED_LABELS.get(label);
  if (instead !== undefined)
    yield {
      code: 'deprecated',
      severity: 'warning',
      path,
      ...(at === undefined ? {} : { at }),
      message: `the node label '${label}' is deprecated: ${instead}`,
    };
}
