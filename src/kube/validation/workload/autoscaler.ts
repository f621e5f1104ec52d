import type { FieldPath } from '../../../base/path.ts';
import type { CheckedObject, Incomplete } from '../../../manifest/checked-document.ts';
import type {
  HPAScalingRules,
  HorizontalPodAutoscalerSpec,
} from '../../../manifest/schema/generated/kubernetes.ts';
import { parseQuantity } from '../../spec/quantity.ts';
import { checkRange } from '../fields.ts';
import type { Finding } from '../finding.ts';
import { AUTOSCALER_V1, checkMetricsOfV1 } from './autoscaler-v1.ts';
import { checkMetric } from './metrics.ts';
import { checkObjectReference } from './object-reference.ts';

const LONGEST_PERIOD = 1800;
const LONGEST_WINDOW = 3600;

/**
 * ValidateHorizontalPodAutoscaler in pkg/apis/autoscaling/validation. The feature HPAScaleToZero is off by default in 1.36:
 * there is at least one pod.
 */
export function* checkAutoscaler(object: CheckedObject<'HorizontalPodAutoscaler'>): Iterable<Finding> {
  const { spec } = object.value;
  if (spec === undefined) return;
  yield* checkReplicas(spec, ['spec']);
  const { scaleTargetRef = {}, metrics = [], behavior = {} } = spec;
  yield* checkObjectReference(scaleTargetRef, ['spec', 'scaleTargetRef'], {
    needsGroup:
      spec.scaleTargetRef !== undefined &&
      scaleTargetRef.kind !== 'ReplicationController' &&
      !object.isPruned(['spec', 'scaleTargetRef', 'apiVersion']),
  });
  for (const [index, metric] of metrics.entries())
    if (!object.isPruned(['spec', 'metrics', index]))
      yield* checkMetric(object, metric, ['spec', 'metrics', index]);
  if (object.value.apiVersion === AUTOSCALER_V1) yield* checkMetricsOfV1(object);
  for (const field of ['scaleUp', 'scaleDown'] as const)
    yield* checkScaling(object, behavior[field] ?? {}, ['spec', 'behavior', field]);
}

function* checkReplicas(
  { minReplicas, maxReplicas }: Incomplete<HorizontalPodAutoscalerSpec>,
  path: FieldPath,
): Iterable<Finding> {
  yield* checkRange(minReplicas, 1, Infinity, [...path, 'minReplicas']);
  yield* checkRange(maxReplicas, 1, Infinity, [...path, 'maxReplicas']);
  if (maxReplicas !== undefined && maxReplicas >= 1 && maxReplicas < (minReplicas ?? 1))
    yield {
      code: 'out-of-range',
      path: [...path, 'maxReplicas'],
      message: `must not be less than minReplicas (${minReplicas ?? 1}), got ${maxReplicas}`,
    };
}

/** validateScalingRules in pkg/apis/autoscaling/validation. Unset rules have defaults, `policies: []` has none. */
function* checkScaling(
  object: CheckedObject<'HorizontalPodAutoscaler'>,
  { policies, stabilizationWindowSeconds, tolerance }: Incomplete<HPAScalingRules>,
  path: FieldPath,
): Iterable<Finding> {
  const window = [...path, 'stabilizationWindowSeconds'];
  yield* checkRange(stabilizationWindowSeconds, 0, LONGEST_WINDOW, window);
  const nanos = tolerance === undefined ? undefined : parseQuantity(tolerance)?.nanos;
  if (nanos !== undefined && nanos < 0n)
    yield {
      code: 'invalid-quantity',
      path: [...path, 'tolerance'],
      message: `must not be less than 0, got '${tolerance ?? ''}'`,
    };
  const at = [...path, 'policies'];
  if (policies?.length === 0 && !object.isPruned(at))
    yield { code: 'missing-field', path: at, at: 'key', message: 'needs at least one policy' };
  for (const [index, { value, periodSeconds }] of (policies ?? []).entries()) {
    yield* checkRange(value, 1, Infinity, [...at, index, 'value']);
    yield* checkRange(periodSeconds, 1, LONGEST_PERIOD, [...at, index, 'periodSeconds']);
  }
}
