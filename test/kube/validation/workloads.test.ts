import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fields } from '../manifest.ts';
import { serverFindings, template, workload } from './workload-manifest.ts';

const unmatched =
  'the labels of the template do not match: the pods would not be selected [selector-mismatch]';

const selections: readonly (readonly [kind: string, spec: Fields, findings: readonly string[]])[] = [
  ['Deployment', {}, []],
  ['ReplicaSet', {}, []],
  ['StatefulSet', {}, []],
  ['DaemonSet', {}, []],
  ['ReplicationController', {}, []],
  [
    'Deployment',
    { selector: { matchLabels: { app: 'wep' } } },
    [`spec.selector.matchLabels.app: ${unmatched}`],
  ],
  [
    'StatefulSet',
    { selector: { matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] } },
    [`spec.selector.matchExpressions[0]: ${unmatched}`],
  ],
  ['ReplicationController', { selector: { app: 'wep' } }, [`spec.selector.app: ${unmatched}`]],
  ['ReplicationController', { selector: {} }, []],
  [
    'ReplicationController',
    { selector: {}, template: { spec: { containers: [{ name: 'a', image: 'b' }] } } },
    ["spec: missing required field 'selector': the template has no labels to select pods by [missing-field]"],
  ],
  [
    'DaemonSet',
    { selector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'wep'] }] } },
    [],
  ],
  ['ReplicaSet', { selector: {} }, ['spec.selector: must not be empty: it selects the pods [missing-field]']],
  ['ReplicaSet', { selector: undefined }, ["spec: missing required field 'selector' [missing-field]"]],
  // Neither an invalid selector nor an invalid label is compared.
  [
    'ReplicaSet',
    { selector: { matchLabels: { app: 1 } } },
    ['spec.selector.matchLabels.app: must be a string, got number 1 [wrong-type]'],
  ],
  [
    'ReplicaSet',
    { selector: { matchLabels: { app: 'a b' } } },
    [
      "spec.selector.matchLabels.app: 'a b' may only contain letters, digits, '-', '_' and '.', with a letter or digit at both ends [invalid-label]",
    ],
  ],
];

for (const [kind, spec, expected] of selections)
  test(`selection of a ${kind} with ${JSON.stringify(spec)}`, () => {
    assert.deepEqual(serverFindings(workload(kind, spec)), expected);
  });

for (const kind of ['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'ReplicationController'])
  test(`the pods of a ${kind} run until they are stopped`, () => {
    const spec = { template: template({ restartPolicy: 'OnFailure', activeDeadlineSeconds: 5 }) };
    assert.deepEqual(serverFindings(workload(kind, spec)), [
      `spec.template.spec.restartPolicy: the pods of a ${kind} need restartPolicy 'Always', got 'OnFailure' [wrong-value]`,
      `spec.template.spec.activeDeadlineSeconds: must not be set: the pods of a ${kind} run until they are stopped [forbidden-field]`,
    ]);
  });

const rolling = (rollingUpdate: Fields): Fields => ({ strategy: { rollingUpdate } });
const updating = (rollingUpdate: Fields, type = 'RollingUpdate'): Fields => ({
  updateStrategy: { type, rollingUpdate },
});
const percent = 'is not a number or a percentage [wrong-value]';
const noneReplaced = 'must not be 0 while maxSurge is 0: no pod could be replaced [wrong-value]';

const updates: readonly (readonly [kind: string, spec: Fields, findings: readonly string[]])[] = [
  ['Deployment', rolling({ maxSurge: '200%', maxUnavailable: 0 }), []],
  ['Deployment', rolling({ maxSurge: '0%' }), []],
  [
    'Deployment',
    rolling({ maxSurge: 0, maxUnavailable: '00%' }),
    [`spec.strategy.rollingUpdate.maxUnavailable: ${noneReplaced}`],
  ],
  [
    'Deployment',
    rolling({ maxUnavailable: '101%' }),
    ['spec.strategy.rollingUpdate.maxUnavailable: must be at most 100%, got 101% [out-of-range]'],
  ],
  [
    'Deployment',
    rolling({ maxUnavailable: '5' }),
    [`spec.strategy.rollingUpdate.maxUnavailable: '5' ${percent}`],
  ],
  ['Deployment', rolling({ maxSurge: '' }), [`spec.strategy.rollingUpdate.maxSurge: '' ${percent}`]],
  [
    'Deployment',
    rolling({ maxSurge: -1 }),
    ['spec.strategy.rollingUpdate.maxSurge: must be at least 0, got -1 [out-of-range]'],
  ],
  [
    'Deployment',
    { strategy: { type: 'Recreate', rollingUpdate: {} } },
    ["spec.strategy.rollingUpdate: must not be set: the strategy is 'Recreate' [forbidden-field]"],
  ],
  [
    'Deployment',
    { strategy: { type: 'Rolling' } },
    ["spec.strategy.type: 'Rolling' is not a valid type (Recreate, RollingUpdate) [wrong-value]"],
  ],
  ['Deployment', { strategy: { type: '' } }, []],
  [
    'Deployment',
    { progressDeadlineSeconds: 10, minReadySeconds: 10 },
    [
      'spec.progressDeadlineSeconds: progressDeadlineSeconds (10) must be greater than minReadySeconds (10) [out-of-range]',
    ],
  ],
  [
    'Deployment',
    { minReadySeconds: 600 },
    [
      'spec.minReadySeconds: progressDeadlineSeconds (600) must be greater than minReadySeconds (600) [out-of-range]',
    ],
  ],
  ['Deployment', { replicas: -1 }, ['spec.replicas: must be at least 0, got -1 [out-of-range]']],
  ['DaemonSet', updating({ maxSurge: 1, maxUnavailable: 0 }), []],
  [
    'DaemonSet',
    updating({ maxSurge: 1 }),
    [
      'spec.updateStrategy.rollingUpdate.maxSurge: must not be set while maxUnavailable is 1, its default [several-values]',
    ],
  ],
  [
    'DaemonSet',
    updating({ maxUnavailable: 0 }),
    [`spec.updateStrategy.rollingUpdate.maxUnavailable: ${noneReplaced}`],
  ],
  ['DaemonSet', updating({ maxUnavailable: 0 }, 'OnDelete'), []],
  [
    'StatefulSet',
    updating({}, 'OnDelete'),
    ["spec.updateStrategy.rollingUpdate: must not be set: the strategy is 'OnDelete' [forbidden-field]"],
  ],
  [
    'StatefulSet',
    updating({ partition: -1 }),
    ['spec.updateStrategy.rollingUpdate.partition: must be at least 0, got -1 [out-of-range]'],
  ],
  // A server drops the field.
  ['StatefulSet', updating({ maxUnavailable: 0 }), []],
];

for (const [kind, spec, expected] of updates)
  test(`updates of a ${kind} with ${JSON.stringify(spec)}`, () => {
    assert.deepEqual(serverFindings(workload(kind, spec)), expected);
  });

test('a name that is no DNS label is part of hostnames', () => {
  assert.deepEqual(serverFindings(workload('Deployment', {}, { name: 'web.eu' })), [
    "warning: metadata.name: 'web.eu' may only contain lowercase letters, digits and '-', with a letter or digit at both ends: it becomes part of the names and hostnames of pods [invalid-name]",
  ]);
  assert.deepEqual(serverFindings(workload('DaemonSet', {}, { name: 'web.eu' })), []);
});

const claim = (name: string): Fields => ({
  metadata: { name },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
});
const mounting = template({
  containers: [{ name: 'app', image: 'db', volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
});

const claims: readonly (readonly [string, Fields, readonly string[]])[] = [
  ['a claim is a volume', { template: mounting, volumeClaimTemplates: [claim('data')] }, []],
  [
    'a mount without a claim',
    { template: mounting },
    [
      "spec.template.spec.containers[0].volumeMounts[0].name: volume 'data' not found in spec.template.spec.volumes [unknown-volume]",
    ],
  ],
  [
    'a claim replaces a volume of its name, whatever that is',
    {
      template: template({ volumes: [{ name: 'data', hostPath: { path: '' } }, { name: 'data' }] }),
      volumeClaimTemplates: [claim('data')],
    },
    [],
  ],
  [
    'a claim without a usable name',
    { volumeClaimTemplates: [claim('A.b')] },
    [
      "spec.volumeClaimTemplates[0].metadata.name: 'A.b' may only contain lowercase letters, digits and '-', with a letter or digit at both ends [invalid-name]",
    ],
  ],
  ['a hostname is not read', { template: template({ hostname: 'A b', subdomain: 'c d' }) }, []],
  [
    'a service with a dot',
    { serviceName: 'a.b' },
    [
      "spec.serviceName: 'a.b' may only contain lowercase letters, digits and '-', with a letter or digit at both ends [invalid-name]",
    ],
  ],
  [
    'a negative ordinal',
    { ordinals: { start: -1 } },
    ['spec.ordinals.start: must be at least 0, got -1 [out-of-range]'],
  ],
  [
    'all revisions',
    { revisionHistoryLimit: -1 },
    ['warning: spec.revisionHistoryLimit: a negative number keeps all revisions, got -1 [out-of-range]'],
  ],
];

for (const [title, spec, expected] of claims)
  test(`StatefulSet: ${title}`, () => {
    assert.deepEqual(serverFindings(workload('StatefulSet', spec)), expected);
  });

const revision = { apiVersion: 'apps/v1', kind: 'ControllerRevision', metadata: { name: 'a' } };

test('the data of a ControllerRevision are an object', () => {
  assert.deepEqual(serverFindings({ ...revision, data: {} }), []);
  assert.deepEqual(serverFindings({ ...revision, revision: -1, data: [] }), [
    'revision: must be at least 0, got -1 [out-of-range]',
    'data: must be an object [wrong-type]',
  ]);
  assert.deepEqual(serverFindings({ ...revision, data: null }), [
    ": required field 'data' has no value [missing-field]",
  ]);
});

test('the status of an object is no concern of its author', () => {
  const status = { conditions: [{ reason: 'x' }] };
  assert.deepEqual(serverFindings({ ...workload('Deployment'), status }), []);
});
