import type { FieldPath } from '../../../base/path.ts';
import type { CheckedObject, Incomplete } from '../../../manifest/checked-document.ts';
import type { MetricSpec, MetricTarget } from '../../../manifest/schema/generated/kubernetes.ts';
import { parseQuantity } from '../../spec/quantity.ts';
import { checkRange, forbiddenField } from '../fields.ts';
import type { Finding } from '../finding.ts';
import { checkName, dnsLabel, pathSegment } from '../names.ts';
import { checkContainerResource } from '../resources/resource-names.ts';
import { checkObjectReference } from './object-reference.ts';

type Autoscaler = CheckedObject<'HorizontalPodAutoscaler'>;
type Metric = Incomplete<MetricSpec>;
type Source = 'object' | 'external' | 'pods' | 'resource' | 'containerResource';
type Goal = 'value' | 'averageValue' | 'averageUtilization';

const sourceOfType = {
  ContainerResource: 'containerResource',
  External: 'external',
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
} as const satisfies Readonly<Record<string, Source>>;

export function isMetricType(type: string): type is keyof typeof sourceOfType {
  return Object.hasOwn(sourceOfType, type);
}

/** The goals of a source: at least one of them, or exactly one. */
const goalsOf: Readonly<Record<Source, { readonly of: readonly Goal[]; readonly one: boolean }>> = {
  containerResource: { of: ['averageUtilization', 'averageValue'], one: true },
  external: { of: ['averageValue', 'value'], one: true },
  object: { of: ['averageValue', 'value'], one: false },
  pods: { of: ['averageValue'], one: false },
  resource: { of: ['averageUtilization', 'averageValue'], one: true },
};

const sources = Object.values(sourceOfType);

/** validateMetricSpec in pkg/apis/autoscaling/validation. */
export function* checkMetric(object: Autoscaler, metric: Metric, path: FieldPath): Iterable<Finding> {
  const expected = metric.type === undefined ? undefined : sourceOfType[metric.type];
  for (const source of sources) {
    if (metric[source] === undefined) continue;
    if (expected !== undefined && source !== expected)
      yield forbiddenField([...path, source], `the type of the metric is '${metric.type ?? ''}'`);
    else yield* checkSource(object, metric, source, [...path, source]);
  }
  if (expected !== undefined && metric[expected] === undefined && !object.isPruned([...path, expected]))
    yield {
      code: 'missing-field',
      path,
      message: `missing required field '${expected}': the type of the metric is '${metric.type ?? ''}'`,
    };
}

function* checkSource(
  object: Autoscaler,
  metric: Metric,
  source: Source,
  path: FieldPath,
): Iterable<Finding> {
  if (source !== 'resource' && source !== 'containerResource') {
    const name = metric[source]?.metric?.name;
    if (name !== undefined) yield* checkName(pathSegment, name, [...path, 'metric', 'name']);
  } else if (metric[source]?.name === '')
    yield { code: 'missing-field', path: [...path, 'name'], message: 'must not be empty' };
  if (source === 'containerResource') yield* checkContainerMetric(metric, path);
  const described = metric.object?.describedObject;
  if (source === 'object' && described !== undefined)
    yield* checkObjectReference(described, [...path, 'describedObject'], { needsGroup: false });
  const target = metric[source]?.target;
  if (target !== undefined) yield* checkTarget(object, target, source, [...path, 'target']);
}

function* checkContainerMetric({ containerResource = {} }: Metric, path: FieldPath): Iterable<Finding> {
  const { container, name = '' } = containerResource;
  if (container !== undefined) yield* checkName(dnsLabel, container, [...path, 'container']);
  if (name === '') return;
  for (const { at: _at, ...finding } of checkContainerResource(name, [...path, 'name'])) yield finding;
}

function* checkTarget(
  object: Autoscaler,
  target: Incomplete<MetricTarget>,
  source: Source,
  path: FieldPath,
): Iterable<Finding> {
  yield* checkRange(target.averageUtilization, 1, Infinity, [...path, 'averageUtilization']);
  for (const field of ['value', 'averageValue'] as const) {
    const text = target[field];
    const nanos = text === undefined ? undefined : parseQuantity(text)?.nanos;
    if (nanos !== undefined && nanos <= 0n)
      yield {
        code: 'invalid-quantity',
        path: [...path, field],
        message: `must be greater than 0, got '${text ?? ''}'`,
      };
  }
  const { of, one } = goalsOf[source];
  const [first, second] = of.filter((goal) => target[goal] !== undefined);
  if (first === undefined && !of.some((goal) => object.isPruned([...path, goal])))
    yield {
      code: 'missing-field',
      path,
      at: 'key',
      message: `needs ${of.map((goal) => `'${goal}'`).join(' or ')}`,
    };
  if (one && first !== undefined && second !== undefined)
    yield {
      code: 'several-values',
      path: [...path, second],
      at: 'key',
      message: `must not be set beside ${first}`,
    };
}
