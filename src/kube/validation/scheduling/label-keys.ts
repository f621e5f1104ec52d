import type { FieldPath } from '../../../base/path.ts';
import type { Incomplete } from '../../../manifest/checked-document.ts';
import type { LabelSelector } from '../../../manifest/schema/generated/kubernetes.ts';
import type { PodObject } from '../../spec/pod-object.ts';
import { forbiddenField } from '../fields.ts';
import type { Finding } from '../finding.ts';
import { checkLabelKey } from '../label-selector.ts';

/** A term of an affinity between pods, or a topology spread constraint. */
export interface LabelTerm {
  readonly labelSelector?: Incomplete<LabelSelector>;
  readonly matchLabelKeys?: readonly string[];
  readonly mismatchLabelKeys?: readonly string[];
}

/** A term without selector selects no pod (warningsForPodAffinityTerms in pkg/api/pod/warnings.go). */
export function* checkSelectorIsSet(
  { isPruned }: PodObject,
  { labelSelector, matchLabelKeys = [], mismatchLabelKeys = [] }: LabelTerm,
  path: FieldPath,
): Iterable<Finding> {
  // Keys of labels without a selector are an error.
  if (matchLabelKeys.length > 0 || mismatchLabelKeys.length > 0) return;
  if (labelSelector === undefined && !isPruned([...path, 'labelSelector']))
    yield {
      code: 'selects-nothing',
      severity: 'warning',
      path,
      message: 'without a labelSelector, no pod is selected',
      help: "For all pods, write 'labelSelector: {}'.",
    };
}

/** ValidateMatchLabelKeysAndMismatchLabelKeys in pkg/apis/core/validation. */
export function* checkLabelKeyLists(pod: PodObject, term: LabelTerm, path: FieldPath): Iterable<Finding> {
  yield* checkKeys(pod, term, path, 'matchLabelKeys');
  yield* checkKeys(pod, term, path, 'mismatchLabelKeys');
  const { matchLabelKeys = [], mismatchLabelKeys = [] } = term;
  if (matchLabelKeys.length === 0) return;
  const mismatched = new Set(mismatchLabelKeys);
  const selected = selectedTwice(pod, term);
  for (const [index, key] of matchLabelKeys.entries()) {
    const other = mismatched.has(key) ? 'mismatchLabelKeys' : selected.has(key) ? 'labelSelector' : undefined;
    if (other !== undefined)
      yield {
        code: 'duplicate-value',
        path: [...path, 'matchLabelKeys', index],
        message: `'${key}' is also in ${other}`,
      };
  }
}

function* checkKeys(
  { isPruned }: PodObject,
  term: LabelTerm,
  path: FieldPath,
  field: 'matchLabelKeys' | 'mismatchLabelKeys',
): Iterable<Finding> {
  const keys = term[field] ?? [];
  if (keys.length === 0) return;
  if (term.labelSelector === undefined) {
    if (!isPruned([...path, 'labelSelector']))
      yield forbiddenField([...path, field], 'there is no labelSelector');
    return;
  }
  for (const [index, key] of keys.entries()) yield* checkLabelKey(key, [...path, field, index]);
}

/**
 * The keys that an expression selects by after something else did. The server first adds an expression for each key of
 * the lists that is a label of the pod (applyMatchLabelKeysAndMismatchLabelKeys in pkg/registry/core/pod), but does not do so
 * for a template.
 */
function selectedTwice(
  { value, isTemplate }: PodObject,
  { labelSelector, matchLabelKeys = [], mismatchLabelKeys = [] }: LabelTerm,
): ReadonlySet<string> {
  if (labelSelector === undefined) return new Set();
  const labels = isTemplate === true ? {} : (value.metadata?.labels ?? {});
  const added = [...matchLabelKeys, ...mismatchLabelKeys].filter((key) => Object.hasOwn(labels, key));
  const expressions = (labelSelector.matchExpressions ?? []).map(({ key }) => key);
  const seen = new Set<string | undefined>(Object.keys(labelSelector.matchLabels ?? {}));
  const twice = new Set<string>();
  for (const key of [...expressions, ...added]) {
    if (key !== undefined && seen.has(key)) twice.add(key);
    seen.add(key);
  }
  return twice;
}
