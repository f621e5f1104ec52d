import { isList, isObject, memberOf, type JsonObject } from '../../../base/json-members.ts';
import { parseJson } from '../../../base/parse-json.ts';
import { formatPath, type FieldPath } from '../../../base/path.ts';
import type { Json } from '../../../base/stable-json.ts';
import type { CheckedObject, Incomplete } from '../../../manifest/checked-document.ts';
import type { MetricSpec } from '../../../manifest/schema/generated/kubernetes.ts';
import { parseQuantity } from '../../spec/quantity.ts';
import { checkRange } from '../fields.ts';
import type { Finding } from '../finding.ts';
import { checkMetric, isMetricType } from './metrics.ts';

type Autoscaler = CheckedObject<'HorizontalPodAutoscaler'>;

export const AUTOSCALER_V1 = 'autoscaling/v1';

/** The metrics besides the CPU, as kubectl shows an autoscaler of v2 in v1. */
const METRICS = 'autoscaling.alpha.kubernetes.io/metrics';

/**
 * What autoscaling/v1 has instead of `metrics`: a server converts both to v2, and checks that
 * (Convert_v1_HorizontalPodAutoscaler_To_autoscaling_HorizontalPodAutoscaler in pkg/apis/autoscaling/v1). An annotation that
 * cannot be decoded is dropped.
 */
export function* checkMetricsOfV1(object: Autoscaler): Iterable<Finding> {
  const { spec, metadata } = object.value;
  const percentage = memberOf(spec, 'targetCPUUtilizationPercentage');
  if (typeof percentage === 'number')
    yield* checkRange(percentage, 1, Infinity, ['spec', 'targetCPUUtilizationPercentage']);
  const text = metadata?.annotations?.[METRICS];
  if (text === undefined) return;
  const path = ['metadata', 'annotations', METRICS];
  for (const [index, metric] of (decodeMetrics(text) ?? []).entries())
    for (const finding of checkConverted(object, metric)) yield inAnnotation(finding, index, path);
}

function* checkConverted(object: Autoscaler, { type, metric }: Converted): Iterable<Finding> {
  if (isMetricType(type)) yield* checkMetric(object, { ...metric, type }, []);
  else
    yield {
      code: type === '' ? 'missing-field' : 'wrong-value',
      path: ['type'],
      message: type === '' ? "missing required field 'type'" : `'${type}' is not a valid type of a metric`,
    };
}

function inAnnotation({ code, path, message }: Finding, index: number, annotation: FieldPath): Finding {
  const place = formatPath([index, ...path]);
  return { code, path: annotation, message: `${place}: ${message}` };
}

interface Converted {
  readonly type: string;
  readonly metric: Incomplete<MetricSpec>;
}

function decodeMetrics(text: string): readonly Converted[] | undefined {
  const decoded = parseJson(text);
  if (!isList(decoded)) return undefined;
  // Go decodes null to an empty object.
  const items = decoded.map((item) => item ?? {});
  const metrics = items.flatMap((item) => (isObject(item) && isDecodable(item) ? [item] : []));
  return metrics.length < items.length
    ? undefined
    : metrics.map((item) => ({ type: textOf(item['type']) ?? '', metric: convert(item) }));
}

const quantities = ['targetValue', 'averageValue', 'targetAverageValue'];

/** Whether Go decodes a metric: every quantity is one, every text a text. */
function isDecodable(metric: JsonObject): boolean {
  const isText = (value: Json | undefined): boolean =>
    value === undefined || value === null || typeof value === 'string';
  return (
    isText(metric['type']) &&
    Object.values(metric).every(
      (source) =>
        !isObject(source) ||
        Object.entries(source).every(([field, value]) =>
          quantities.includes(field)
            ? value === null || quantityOf(value) !== undefined
            : !/^(name|metricName|container)$/.test(field) || isText(value),
        ),
    )
  );
}

/** The Convert_v1_*MetricSource functions; the sources have other names for the same things. */
function convert(metric: JsonObject): Incomplete<MetricSpec> {
  const { object, pods, resource, containerResource, external } = metric;
  return {
    ...(isObject(object) ? { object: convertObject(object) } : {}),
    ...(isObject(pods)
      ? { pods: { ...named(pods), target: { averageValue: quantityOf(pods['targetAverageValue']) ?? '0' } } }
      : {}),
    ...(isObject(resource) ? { resource: convertResource(resource) } : {}),
    ...(isObject(containerResource)
      ? {
          containerResource: {
            ...convertResource(containerResource),
            container: textOf(containerResource['container']) ?? '',
          },
        }
      : {}),
    ...(isObject(external)
      ? {
          external: {
            ...named(external),
            target: {
              ...goal('value', external['targetValue']),
              ...goal('averageValue', external['targetAverageValue']),
            },
          },
        }
      : {}),
  };
}

/** A target value of zero is no target beside an average. */
function convertObject(object: JsonObject): NonNullable<Incomplete<MetricSpec>['object']> {
  const average = goal('averageValue', object['averageValue']);
  const value = quantityOf(object['targetValue']) ?? '0';
  const isUnset = 'averageValue' in average && parseQuantity(value)?.nanos === 0n;
  const { target } = object;
  const described = isObject(target) ? target : {};
  return {
    ...named(object),
    describedObject: {
      kind: textOf(described['kind']) ?? '',
      name: textOf(described['name']) ?? '',
      ...(described['apiVersion'] === undefined ? {} : { apiVersion: textOf(described['apiVersion']) ?? '' }),
    },
    target: isUnset ? average : { ...average, value },
  };
}

function convertResource(resource: JsonObject): NonNullable<Incomplete<MetricSpec>['resource']> {
  const utilization = resource['targetAverageUtilization'];
  return {
    name: textOf(resource['name']) ?? '',
    target: {
      ...(typeof utilization === 'number' ? { averageUtilization: utilization } : {}),
      ...goal('averageValue', resource['targetAverageValue']),
    },
  };
}

function named(source: JsonObject): { readonly metric: { readonly name: string } } {
  return { metric: { name: textOf(source['metricName']) ?? '' } };
}

function goal<K extends string>(name: K, value: Json | undefined): { readonly [Key in K]?: string } {
  const quantity = quantityOf(value);
  if (quantity === undefined) return {};
  const goals: { [Key in K]?: string } = {};
  goals[name] = quantity;
  return goals;
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function quantityOf(value: Json | undefined): string | undefined {
  const text = typeof value === 'number' ? value.toString() : textOf(value);
  return text === undefined || parseQuantity(text) === undefined ? undefined : text;
}
