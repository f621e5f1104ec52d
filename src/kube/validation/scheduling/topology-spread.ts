import type { Incomplete } from '../../../manifest/checked-document.ts';
import type { TopologySpreadConstraint } from '../../../manifest/schema/generated/kubernetes.ts';
import type { PodObject } from '../../spec/pod-object.ts';
import { checkRange, forbiddenField, missingField } from '../fields.ts';
import type { Finding } from '../finding.ts';
import { checkLabelSelector } from '../label-selector.ts';
import { checkLabelKeyLists, checkSelectorIsSet } from './label-keys.ts';
import { checkNodeLabel } from './node-labels.ts';

/** validateTopologySpreadConstraints in pkg/apis/core/validation. */
export function* checkTopologySpread(pod: PodObject): Iterable<Finding> {
  const seen = new Map<string, number>();
  for (const [index, constraint] of (pod.value.spec?.topologySpreadConstraints ?? []).entries()) {
    yield* checkConstraint(pod, constraint, index);
    const { topologyKey, whenUnsatisfiable } = constraint;
    if (topologyKey === undefined || whenUnsatisfiable === undefined) continue;
    const key = `${whenUnsatisfiable} ${topologyKey}`;
    const first = seen.get(key);
    if (first === undefined) seen.set(key, index);
    else
      yield {
        code: 'duplicate-value',
        path: ['spec', 'topologySpreadConstraints', index],
        message: `has the topologyKey and the whenUnsatisfiable of spec.topologySpreadConstraints[${first}]`,
      };
  }
}

function* checkConstraint(
  pod: PodObject,
  constraint: Incomplete<TopologySpreadConstraint>,
  index: number,
): Iterable<Finding> {
  const path = ['spec', 'topologySpreadConstraints', index];
  const { labelSelector, maxSkew, minDomains, topologyKey, whenUnsatisfiable } = constraint;
  yield* checkRange(maxSkew, 1, Infinity, [...path, 'maxSkew']);
  yield* checkRange(minDomains, 1, Infinity, [...path, 'minDomains']);
  if (minDomains !== undefined && whenUnsatisfiable === 'ScheduleAnyway')
    yield forbiddenField([...path, 'minDomains'], "whenUnsatisfiable is 'ScheduleAnyway'");
  if (topologyKey === '') yield missingField(path, 'topologyKey');
  if (topologyKey !== undefined) yield* checkNodeLabel(topologyKey, [...path, 'topologyKey']);
  yield* checkLabelSelector(labelSelector, [...path, 'labelSelector'], pod.isPruned);
  yield* checkSelectorIsSet(pod, constraint, path);
  yield* checkLabelKeyLists(pod, constraint, path);
}
