import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fields } from '../manifest.ts';
import { serverFindings } from './workload-manifest.ts';

const object = (apiVersion: string, kind: string, fields: Fields, name = 'a'): Fields => ({
  apiVersion,
  kind,
  metadata: { name },
  ...fields,
});

const limit = 'spec.limits[0]';
const limits: readonly (readonly [item: Fields, findings: readonly string[]])[] = [
  [
    { type: 'Container', max: { cpu: 2 }, min: { cpu: 1 }, default: { cpu: 2 }, defaultRequest: { cpu: 1 } },
    [],
  ],
  [{ type: 'example.com/x', max: { pods: 2 } }, []],
  [
    { type: 'Pods' },
    [
      `${limit}.type: 'Pods' must be DOMAIN/NAME or one of Pod, Container, PersistentVolumeClaim [wrong-value]`,
    ],
  ],
  [
    { type: 'Container', min: { cpu: 2 }, max: { cpu: '1500m' } },
    [`${limit}.min.cpu: must not be greater than max (1500m), got 2 [out-of-range]`],
  ],
  [
    { type: 'Container', defaultRequest: { memory: '2Gi' }, default: { memory: '1Gi' } },
    [`${limit}.defaultRequest.memory: must not be greater than default (1Gi), got 2Gi [out-of-range]`],
  ],
  [
    { type: 'Pod', default: { cpu: 1 } },
    [`${limit}.default: must not be set: the type is 'Pod' [forbidden-field]`],
  ],
  [
    { type: 'Pod', max: { pods: 1 } },
    [`${limit}.max.pods: unknown resource 'pods' of a container [unknown-resource]`],
  ],
  [{ type: 'PersistentVolumeClaim', max: { storage: '1Gi' } }, []],
  [
    { type: 'PersistentVolumeClaim' },
    [`${limit}: needs 'storage' in min or max: the type is 'PersistentVolumeClaim' [missing-field]`],
  ],
  [
    { type: 'Pod', maxLimitRequestRatio: { cpu: '500m' } },
    [`${limit}.maxLimitRequestRatio.cpu: must be at least 1, got 500m [out-of-range]`],
  ],
  [
    { type: 'Pod', max: { cpu: 2 }, min: { cpu: 1 }, maxLimitRequestRatio: { cpu: 3 } },
    [`${limit}.maxLimitRequestRatio.cpu: must not be greater than max/min (2), got 3 [out-of-range]`],
  ],
  // Huge pages cannot be shared: the default limit, here the maximum, is the request.
  [
    { type: 'Container', max: { 'hugepages-2Mi': '4Mi' }, defaultRequest: { 'hugepages-2Mi': '2Mi' } },
    [
      `${limit}.defaultRequest.hugepages-2Mi: must equal the default limit of 4Mi, got 2Mi [request-under-limit]`,
    ],
  ],
];

for (const [item, expected] of limits)
  test(`a limit of a LimitRange: ${JSON.stringify(item)}`, () => {
    assert.deepEqual(serverFindings(object('v1', 'LimitRange', { spec: { limits: [item] } })), expected);
  });

test('a LimitRange needs no name, and one limit of each type', () => {
  assert.deepEqual(serverFindings({ apiVersion: 'v1', kind: 'LimitRange' }), []);
  const items = [{ type: 'Pod' }, { type: 'Pod' }];
  assert.deepEqual(serverFindings(object('v1', 'LimitRange', { spec: { limits: items } })), [
    "spec.limits[1].type: duplicate value 'Pod' [duplicate-value]",
  ]);
});

const expression = 'spec.scopeSelector.matchExpressions[0]';
const selecting = (requirement: Fields): Fields => ({ scopeSelector: { matchExpressions: [requirement] } });
const quotas: readonly (readonly [spec: Fields, findings: readonly string[]])[] = [
  [
    { hard: { pods: 1, 'requests.cpu': '500m', 'count/jobs.batch': 2, 'requests.example.com/gpu': '1.5' } },
    [],
  ],
  [
    { hard: { pod: 1 } },
    ["spec.hard.pod: unknown resource 'pod' of a quota, did you mean 'pods'? [unknown-resource]"],
  ],
  [{ hard: { pods: '500m' } }, ["spec.hard.pods: must be a whole number, got '500m' [invalid-quantity]"]],
  [{ hard: { cpu: -1 } }, ["spec.hard.cpu: must not be less than 0, got '-1' [invalid-quantity]"]],
  [
    { hard: { cpu: 2, 'limits.cpu': 1 } },
    ['warning: spec.hard.cpu: should not exceed limits.cpu (1), got 2 [request-over-limit]'],
  ],
  [
    { hard: { cpu: 1 }, scopes: ['BestEffort'] },
    ["spec.scopes[0]: the scope 'BestEffort' does not count 'cpu', which spec.hard limits [wrong-value]"],
  ],
  [
    { scopes: ['Terminating', 'NotTerminating'] },
    ["spec.scopes[1]: 'Terminating' and 'NotTerminating' are mutually exclusive [several-values]"],
  ],
  [selecting({ scopeName: 'PriorityClass', operator: 'In', values: ['a'] }), []],
  [
    selecting({ scopeName: 'PriorityClass', operator: 'In' }),
    [`${expression}: missing required field 'values' [missing-field]`],
  ],
  [
    selecting({ scopeName: 'BestEffort', operator: 'DoesNotExist' }),
    [`${expression}.operator: must be 'Exists' for the scope 'BestEffort', got 'DoesNotExist' [wrong-value]`],
  ],
];

for (const [spec, expected] of quotas)
  test(`a ResourceQuota with ${JSON.stringify(spec)}`, () => {
    assert.deepEqual(serverFindings(object('v1', 'ResourceQuota', { spec })), expected);
  });

const gvisor = (fields: Fields): Fields =>
  object('node.k8s.io/v1', 'RuntimeClass', { handler: 'gvisor', ...fields });
const toleration = { key: 'a', operator: 'Exists' };
const priority = (name: string, fields: Fields): Fields =>
  object('scheduling.k8s.io/v1', 'PriorityClass', fields, name);
const lease = (spec: Fields): Fields => object('coordination.k8s.io/v1', 'Lease', { spec });

const others: readonly (readonly [object: Fields, findings: readonly string[]])[] = [
  [gvisor({ overhead: { podFixed: { cpu: '1m', memory: '1500m' } } }), []],
  [
    gvisor({ overhead: { podFixed: { gpu: 1 } } }),
    ["overhead.podFixed.gpu: unknown resource 'gpu' of a container, did you mean 'cpu'? [unknown-resource]"],
  ],
  [
    gvisor({ scheduling: { tolerations: [toleration, { ...toleration, effect: 'NoExecute' }, toleration] } }),
    ['scheduling.tolerations[2]: the same toleration a second time [duplicate-value]'],
  ],
  [
    gvisor({ scheduling: { nodeSelector: { 'beta.kubernetes.io/os': 'linux' } } }),
    [
      "warning: scheduling.nodeSelector['beta.kubernetes.io/os']: the node label 'beta.kubernetes.io/os' is deprecated: use 'kubernetes.io/os' [deprecated]",
    ],
  ],
  [priority('high', {}), []],
  [
    priority('high', { value: 1_000_000_001 }),
    ['value: must be at most 1000000000: higher ones are for the system, got 1000000001 [out-of-range]'],
  ],
  [priority('system-node-critical', { value: 2_000_001_000 }), []],
  [
    priority('system-node-critical', { value: 1 }),
    ["value: must be 2000001000 in 'system-node-critical', got 1 [wrong-value]"],
  ],
  [
    priority('system-mine', {}),
    [
      "metadata.name: names that begin with 'system-' are reserved for the classes of the system [invalid-name]",
    ],
  ],
  [
    lease({ leaseDurationSeconds: 0 }),
    ['spec.leaseDurationSeconds: must be at least 1, got 0 [out-of-range]'],
  ],
  [lease({ preferredHolder: 'a' }), []],
  [
    object('v1', 'Namespace', { spec: { finalizers: ['orphan', 'foregroundDeletion', 'mine'] } }),
    [
      "spec.finalizers[2]: 'mine' must be DOMAIN/NAME or one of kubernetes, orphan, foregroundDeletion [invalid-name]",
    ],
  ],
  [
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'a', annotations: { 'kubernetes.io/enforce-mountable-secrets': '' } },
    },
    [
      "warning: metadata.annotations['kubernetes.io/enforce-mountable-secrets']: deprecated: use namespaces to separate who mounts which Secrets [deprecated]",
    ],
  ],
];

for (const [one, expected] of others)
  test(`other kinds: ${JSON.stringify(one)}`, () => {
    assert.deepEqual(serverFindings(one), expected);
  });
