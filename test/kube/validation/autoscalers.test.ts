import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fields } from '../manifest.ts';
import { serverFindings } from './workload-manifest.ts';

function autoscaler(spec: Fields): Fields {
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'web' },
    spec: { scaleTargetRef, maxReplicas: 3, ...spec },
  };
}

const cpu = (target: Fields): Fields => ({
  metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', ...target } } }],
});
const metric = 'spec.metrics[0]';
const target = `${metric}.resource.target`;

const autoscalers: readonly (readonly [Fields, readonly string[]])[] = [
  [{}, []],
  [{ minReplicas: 0 }, ['spec.minReplicas: must be at least 1, got 0 [out-of-range]']],
  [{ maxReplicas: 0 }, ['spec.maxReplicas: must be at least 1, got 0 [out-of-range]']],
  [{ minReplicas: 4 }, ['spec.maxReplicas: must not be less than minReplicas (4), got 3 [out-of-range]']],
  [
    { scaleTargetRef: { kind: 'Deployment', name: 'web' } },
    ['spec.scaleTargetRef.apiVersion: must be a group and a version [wrong-value]'],
  ],
  [{ scaleTargetRef: { kind: 'ReplicationController', name: 'web' } }, []],
  [
    { scaleTargetRef: { apiVersion: 'a/b/c', kind: 'Web', name: '' } },
    [
      'spec.scaleTargetRef.name: must not be empty [invalid-name]',
      "spec.scaleTargetRef.apiVersion: 'a/b/c' may only contain one '/' [wrong-value]",
    ],
  ],
  [cpu({ averageUtilization: 50 }), []],
  [cpu({}), [`${target}: needs 'averageUtilization' or 'averageValue' [missing-field]`]],
  [
    cpu({ averageUtilization: 50, averageValue: '1' }),
    [`${target}.averageValue: must not be set beside averageUtilization [several-values]`],
  ],
  [
    cpu({ averageUtilization: 0 }),
    [`${target}.averageUtilization: must be at least 1, got 0 [out-of-range]`],
  ],
  [cpu({ averageValue: 0 }), [`${target}.averageValue: must be greater than 0, got '0' [invalid-quantity]`]],
  [
    { metrics: [{ type: 'Pods' }] },
    [`${metric}: missing required field 'pods': the type of the metric is 'Pods' [missing-field]`],
  ],
  [
    {
      metrics: [
        {
          type: 'Pods',
          pods: { metric: { name: 'a/b' }, target: { type: 'AverageValue', averageValue: '1' } },
          resource: {},
        },
      ],
    },
    [
      `${metric}.resource: missing required field 'name' [missing-field]`,
      `${metric}.resource: missing required field 'target' [missing-field]`,
      `${metric}.pods.metric.name: 'a/b' may only contain characters other than '/' and '%', and must not be '.' or '..', did you mean 'a-b'? [invalid-name]`,
      `${metric}.resource: must not be set: the type of the metric is 'Pods' [forbidden-field]`,
    ],
  ],
  // A server does not check the selector of a metric.
  [
    {
      metrics: [
        {
          type: 'Pods',
          pods: {
            metric: {
              name: 'a',
              selector: { matchExpressions: [{ operator: 'x' }], matchLabels: { '': '' } },
            },
            target: { type: 'AverageValue', averageValue: '1' },
          },
        },
      ],
    },
    [],
  ],
  [{ behavior: { scaleUp: {} } }, []],
  [
    { behavior: { scaleDown: { policies: [], stabilizationWindowSeconds: 3601, tolerance: '-1' } } },
    [
      'spec.behavior.scaleDown.stabilizationWindowSeconds: must be from 0 to 3600, got 3601 [out-of-range]',
      "spec.behavior.scaleDown.tolerance: must not be less than 0, got '-1' [invalid-quantity]",
      'spec.behavior.scaleDown.policies: needs at least one policy [missing-field]',
    ],
  ],
  [
    { behavior: { scaleUp: { policies: [{ type: 'Pods', value: 0, periodSeconds: 1801 }] } } },
    [
      'spec.behavior.scaleUp.policies[0].value: must be at least 1, got 0 [out-of-range]',
      'spec.behavior.scaleUp.policies[0].periodSeconds: must be from 1 to 1800, got 1801 [out-of-range]',
    ],
  ],
];

for (const [spec, expected] of autoscalers)
  test(`HorizontalPodAutoscaler with ${JSON.stringify(spec)}`, () => {
    assert.deepEqual([...serverFindings(autoscaler(spec))].sort(), [...expected].sort());
  });

const budgets: readonly (readonly [Fields, readonly string[]])[] = [
  [{}, []],
  [{ minAvailable: '100%', selector: {} }, []],
  [{ minAvailable: '101%' }, ['spec.minAvailable: must be at most 100%, got 101% [out-of-range]']],
  [{ maxUnavailable: -1 }, ['spec.maxUnavailable: must be at least 0, got -1 [out-of-range]']],
  [
    { minAvailable: 1, maxUnavailable: '1' },
    [
      'spec.maxUnavailable: must not be set beside minAvailable [several-values]',
      "spec.maxUnavailable: '1' is not a number or a percentage [wrong-value]",
    ],
  ],
  [
    { selector: { matchExpressions: [{ key: 'a', operator: 'In' }] } },
    ["spec.selector.matchExpressions[0]: missing required field 'values' [missing-field]"],
  ],
];

for (const [spec, expected] of budgets)
  test(`PodDisruptionBudget with ${JSON.stringify(spec)}`, () => {
    const budget = { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'web' }, spec };
    assert.deepEqual(serverFindings(budget), expected);
  });

function autoscalerOfV1(spec: Fields, metrics?: unknown): Fields {
  const annotations = {
    'autoscaling.alpha.kubernetes.io/metrics':
      typeof metrics === 'string' ? metrics : JSON.stringify(metrics),
  };
  return {
    ...autoscaler(spec),
    apiVersion: 'autoscaling/v1',
    metadata: { name: 'web', ...(metrics === undefined ? {} : { annotations }) },
  };
}

const converted = "metadata.annotations['autoscaling.alpha.kubernetes.io/metrics']";
const pods = (source: Fields): unknown => [{ type: 'Pods', pods: source }];

for (const [spec, metrics, expected] of [
  [{ targetCPUUtilizationPercentage: 80 }, undefined, []],
  [
    { targetCPUUtilizationPercentage: 0 },
    undefined,
    ['spec.targetCPUUtilizationPercentage: must be at least 1, got 0 [out-of-range]'],
  ],
  [
    { targetCPUUtilizationPercent: 80 },
    undefined,
    [
      "spec: unknown field 'targetCPUUtilizationPercent', did you mean 'targetCPUUtilizationPercentage'? [unknown-field]",
    ],
  ],
  [{ metrics: [] }, undefined, ["spec: unknown field 'metrics' [unknown-field]"]],
  [{ minReplicas: 0 }, undefined, ['spec.minReplicas: must be at least 1, got 0 [out-of-range]']],
  [{}, pods({ metricName: 'requests', targetAverageValue: '5' }), []],
  [
    {},
    pods({ metricName: 'requests', targetAverageValue: '0' }),
    [`${converted}: [0].pods.target.averageValue: must be greater than 0, got '0' [invalid-quantity]`],
  ],
  [{}, [null], [`${converted}: [0].type: missing required field 'type' [missing-field]`]],
  [
    {},
    [
      {
        type: 'Object',
        object: {
          target: { kind: 'Service', name: 'a' },
          metricName: 'm',
          targetValue: '0',
          averageValue: '1',
        },
      },
    ],
    [],
  ],
  [
    {},
    [{ type: 'External', external: { metricName: 'm', targetValue: '1', targetAverageValue: '1' } }],
    [`${converted}: [0].external.target.value: must not be set beside averageValue [several-values]`],
  ],
  // A server drops what it cannot decode.
  [{}, 'no JSON', []],
  [{}, pods({ metricName: 'requests', targetAverageValue: 'many' }), []],
] as const satisfies readonly (readonly [Fields, unknown, readonly string[]])[])
  test(`autoscaler of v1: ${JSON.stringify([spec, metrics])}`, () => {
    assert.deepEqual(serverFindings(autoscalerOfV1(spec, metrics)), expected);
  });
