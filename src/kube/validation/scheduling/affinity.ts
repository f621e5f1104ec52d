import type { FieldPath } from '../../../base/path.ts';
import type { Incomplete } from '../../../manifest/checked-document.ts';
import type {
  NodeAffinity,
  PodAffinity,
  PodAffinityTerm,
} from '../../../manifest/schema/generated/kubernetes.ts';
import type { PodObject } from '../../spec/pod-object.ts';
import { checkRange } from '../fields.ts';
import type { Finding } from '../finding.ts';
import { checkLabelKey, checkLabelSelector } from '../label-selector.ts';
import { checkName, dnsLabel } from '../names.ts';
import { checkLabelKeyLists, checkSelectorIsSet } from './label-keys.ts';
import { checkNodeSelectorOf, checkNodeSelectorTerm } from './node-selector.ts';

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

/** Of a preference (ValidatePreferredSchedulingTerms). */
const MAX_WEIGHT = 100;

/** validateAffinity in pkg/apis/core/validation, and the warnings of pkg/api/pod/warnings.go. */
export function* checkAffinity(pod: PodObject): Iterable<Finding> {
  const { nodeAffinity, podAffinity, podAntiAffinity } = pod.value.spec?.affinity ?? {};
  const path = ['spec', 'affinity'];
  yield* checkNodeAffinity(pod, nodeAffinity ?? {}, [...path, 'nodeAffinity']);
  yield* checkPodAffinity(pod, podAffinity ?? {}, [...path, 'podAffinity']);
  yield* checkPodAffinity(pod, podAntiAffinity ?? {}, [...path, 'podAntiAffinity']);
}

function* checkNodeAffinity(
  pod: PodObject,
  affinity: Incomplete<NodeAffinity>,
  path: FieldPath,
): Iterable<Finding> {
  yield* checkNodeSelectorOf(pod, affinity[REQUIRED], [...path, REQUIRED]);
  for (const [index, { weight, preference = {} }] of (affinity[PREFERRED] ?? []).entries()) {
    const term = [...path, PREFERRED, index];
    yield* checkRange(weight, 1, MAX_WEIGHT, [...term, 'weight']);
    yield* checkNodeSelectorTerm(pod, preference, [...term, 'preference'], 'preferred');
  }
}

function* checkPodAffinity(
  pod: PodObject,
  affinity: Incomplete<PodAffinity>,
  path: FieldPath,
): Iterable<Finding> {
  for (const [index, term] of (affinity[REQUIRED] ?? []).entries())
    yield* checkTerm(pod, term, [...path, REQUIRED, index]);
  for (const [index, { weight, podAffinityTerm }] of (affinity[PREFERRED] ?? []).entries()) {
    const term = [...path, PREFERRED, index];
    yield* checkRange(weight, 1, MAX_WEIGHT, [...term, 'weight']);
    if (podAffinityTerm !== undefined) yield* checkTerm(pod, podAffinityTerm, [...term, 'podAffinityTerm']);
  }
}

/** validatePodAffinityTerm in pkg/apis/core/validation. */
function* checkTerm(pod: PodObject, term: Incomplete<PodAffinityTerm>, path: FieldPath): Iterable<Finding> {
  const { labelSelector, namespaceSelector, namespaces = [], topologyKey } = term;
  yield* checkLabelSelector(labelSelector, [...path, 'labelSelector'], pod.isPruned);
  yield* checkLabelSelector(namespaceSelector, [...path, 'namespaceSelector'], pod.isPruned);
  yield* checkSelectorIsSet(pod, term, path);
  yield* checkLabelKeyLists(pod, term, path);
  for (const [index, namespace] of namespaces.entries())
    yield* checkName(dnsLabel, namespace, [...path, 'namespaces', index]);
  if (topologyKey !== undefined) yield* checkLabelKey(topologyKey, [...path, 'topologyKey']);
}
