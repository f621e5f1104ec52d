import type { CheckedObject } from '../../../manifest/checked-document.ts';
import type { Finding } from '../finding.ts';
import { checkLabelSelector } from '../label-selector.ts';
import { checkIntOrPercent } from './numbers.ts';

/** ValidatePodDisruptionBudgetSpec in pkg/apis/policy/validation. */
export function* checkDisruptionBudget({
  value: { spec = {} },
  isPruned,
}: CheckedObject<'PodDisruptionBudget'>): Iterable<Finding> {
  const { minAvailable, maxUnavailable } = spec;
  if (minAvailable !== undefined && maxUnavailable !== undefined)
    yield {
      code: 'several-values',
      path: ['spec', 'maxUnavailable'],
      at: 'key',
      message: 'must not be set beside minAvailable',
    };
  yield* checkIntOrPercent(minAvailable, 100, ['spec', 'minAvailable']);
  yield* checkIntOrPercent(maxUnavailable, 100, ['spec', 'maxUnavailable']);
  yield* checkLabelSelector(spec.selector, ['spec', 'selector'], isPruned);
}
