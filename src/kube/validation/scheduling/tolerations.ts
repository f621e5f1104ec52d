import type { FieldPath } from '../../../base/path.ts';
import type { CheckedDocument, Incomplete } from '../../../manifest/checked-document.ts';
import type { Toleration } from '../../../manifest/schema/generated/kubernetes.ts';
import type { PodObject } from '../../spec/pod-object.ts';
import type { Finding } from '../finding.ts';
import { checkLabelKey, checkLabelValue } from '../label-selector.ts';

export function* checkPodTolerations(pod: PodObject): Iterable<Finding> {
  yield* checkTolerations(pod, pod.value.spec?.tolerations, ['spec', 'tolerations']);
}

/** ValidateTolerations in pkg/apis/core/validation. */
export function* checkTolerations(
  object: Pick<CheckedDocument, 'isPruned'>,
  tolerations: readonly Incomplete<Toleration>[] | undefined,
  path: FieldPath,
): Iterable<Finding> {
  for (const [index, toleration] of (tolerations ?? []).entries())
    yield* checkToleration(object, toleration, [...path, index]);
}

function* checkToleration(
  { isPruned }: Pick<CheckedDocument, 'isPruned'>,
  { key = '', operator = 'Equal', value = '', effect, tolerationSeconds }: Incomplete<Toleration>,
  path: FieldPath,
): Iterable<Finding> {
  const isRefused = (field: string): boolean => isPruned([...path, field]);
  const invalid = (field: string, message: string, help?: string): Finding => ({
    code: 'invalid-toleration',
    path: [...path, field],
    message,
    ...(help === undefined ? {} : { help }),
  });
  if (key !== '') yield* checkLabelKey(key, [...path, 'key']);
  if (tolerationSeconds !== undefined && effect !== 'NoExecute' && !isRefused('effect'))
    yield invalid(
      'tolerationSeconds',
      `requires the effect 'NoExecute', got ${effect === undefined ? 'none' : `'${effect}'`}`,
      'Only NoExecute evicts running pods, which the seconds delay.',
    );
  if (isRefused('operator')) return;
  // The gate TaintTolerationComparisonOperators is off in 1.36.
  if (operator === 'Gt' || operator === 'Lt')
    yield invalid('operator', `'${operator}' is not enabled in Kubernetes 1.36 (Exists, Equal)`);
  else if (operator === 'Exists') {
    if (value !== '') yield invalid('value', "must not be set with the operator 'Exists'");
  } else {
    yield* checkLabelValue(value, [...path, 'value']);
    if (key === '' && !isRefused('key'))
      yield invalid(
        'operator',
        `without a key must be 'Exists', got '${operator}'`,
        "An empty key with the operator 'Exists' tolerates all taints.",
      );
  }
}
