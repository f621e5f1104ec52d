import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codesOf } from './object-findings.ts';

type Fields = Readonly<Record<string, unknown>>;
type Case = readonly [string, Fields, readonly string[]];

function check(apiVersion: string, kind: string, cases: readonly Case[], severity?: 'warning'): void {
  for (const [name, fields, expected] of cases)
    test(`${kind} with ${name}`, () => {
      const object = { apiVersion, kind, metadata: { name: 'a' }, ...fields };
      assert.deepEqual(codesOf(object, severity).toSorted(), expected.toSorted());
    });
}

const rbac = 'rbac.authorization.k8s.io/v1';
const rule = { verbs: ['get'], apiGroups: [''], resources: ['pods'] };

check(rbac, 'Role', [
  ['a rule', { rules: [rule] }, []],
  ['no verbs', { rules: [{ ...rule, verbs: [] }] }, ['rules[0] [missing-field]']],
  [
    'no resources and groups',
    { rules: [{ verbs: ['get'] }] },
    ['rules[0] [missing-field]', 'rules[0] [missing-field]'],
  ],
  [
    'URLs',
    { rules: [{ verbs: ['get'], nonResourceURLs: ['/'] }] },
    ['rules[0].nonResourceURLs [forbidden-field]'],
  ],
]);

check(rbac, 'ClusterRole', [
  ['URLs', { rules: [{ verbs: ['get'], nonResourceURLs: ['/'] }] }, []],
  [
    'URLs and resources',
    { rules: [{ ...rule, nonResourceURLs: ['/'] }] },
    ['rules[0].nonResourceURLs [forbidden-field]'],
  ],
  ['no selectors', { aggregationRule: {} }, ['aggregationRule [missing-field]']],
  [
    'a bad selector',
    { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: '-' } }] } },
    ['aggregationRule.clusterRoleSelectors[0].matchLabels.a [invalid-label]'],
  ],
]);

const roleRef = { kind: 'ClusterRole', name: 'system:a' };
const account = { kind: 'ServiceAccount', name: 'sa' };

check(rbac, 'RoleBinding', [
  [
    'a Role',
    { roleRef: { kind: 'Role', name: 'a' }, subjects: [account, { kind: 'User', name: 'a@b' }] },
    [],
  ],
  ['no role', {}, [' [missing-field]']],
  [
    'a bad reference',
    { roleRef: { apiGroup: 'x', kind: 'role', name: '..' } },
    ['roleRef.apiGroup [wrong-value]', 'roleRef.kind [wrong-value]', 'roleRef.name [invalid-name]'],
  ],
  [
    'an unknown subject',
    { roleRef, subjects: [{ kind: 'Pod', name: 'a', apiGroup: 'x' }] },
    ['subjects[0].kind [wrong-value]'],
  ],
  [
    'a group of an account',
    { roleRef, subjects: [{ ...account, apiGroup: 'x' }] },
    ['subjects[0].apiGroup [forbidden-field]'],
  ],
  [
    'another group of a user',
    { roleRef, subjects: [{ kind: 'User', name: '', apiGroup: 'x' }] },
    ['subjects[0] [missing-field]', 'subjects[0].apiGroup [wrong-value]'],
  ],
]);

check(rbac, 'ClusterRoleBinding', [
  ['an account', { roleRef, subjects: [{ ...account, namespace: 'ns' }] }, []],
  ['an account without a namespace', { roleRef, subjects: [account] }, ['subjects[0] [missing-field]']],
  ['a Role', { roleRef: { ...roleRef, kind: 'Role' } }, ['roleRef.kind [wrong-value]']],
]);

const taint = { key: 'a', effect: 'NoSchedule' };
const old = 'scheduler.alpha.kubernetes.io/';

check('v1', 'Node', [
  [
    'a status',
    { status: { capacity: { cpu: '3.5', 'example.com/gpu': '2' }, conditions: [{}], nodeInfo: {} } },
    [],
  ],
  ['taints', { spec: { taints: [taint, { ...taint, effect: 'NoExecute' }] } }, []],
  [
    'the same taint twice',
    { spec: { taints: [taint, { ...taint, value: 'b' }] } },
    ['spec.taints[1] [duplicate-value]'],
  ],
  [
    'half a pod',
    { status: { allocatable: { pods: '500m' } } },
    ['status.allocatable.pods [invalid-quantity]'],
  ],
  [
    'half a device',
    { status: { capacity: { 'a.b/c': '0.5' } } },
    ["status.capacity['a.b/c'] [invalid-quantity]"],
  ],
  [
    'negative memory',
    { status: { capacity: { memory: '-1' } } },
    ['status.capacity.memory [invalid-quantity]'],
  ],
  [
    'two ranges of a family',
    { spec: { podCIDRs: ['10.0.0.0/24', '10.0.1.0/24'] } },
    ['spec.podCIDRs [too-many-values]'],
  ],
  ['another podCIDR', { spec: { podCIDR: 'x', podCIDRs: ['y'] } }, ['spec.podCIDR [invalid-ip]']],
  [
    'features out of order',
    { status: { declaredFeatures: ['B', 'A'] } },
    ['status.declaredFeatures[1] [wrong-value]'],
  ],
  [
    'taints in an annotation',
    { metadata: { name: 'a', annotations: { [`${old}taints`]: '{}' } } },
    [`metadata.annotations['${old}taints'] [invalid-json]`],
  ],
  [
    'a bad taint in an annotation',
    { metadata: { name: 'a', annotations: { [`${old}taints`]: '[{"key":"a"}]' } } },
    [`metadata.annotations['${old}taints'] [wrong-value]`],
  ],
  [
    'pods to avoid, without a controller',
    { metadata: { name: 'a', annotations: { [`${old}preferAvoidPods`]: '{"preferAvoidPods":[{}]}' } } },
    [`metadata.annotations['${old}preferAvoidPods'] [missing-field]`],
  ],
]);

const zone = { key: 'zone', values: ['a', 'b'] };
const term = { matchLabelExpressions: [zone] };

/** A StorageClass. */
function storage(fields: Fields): Fields {
  return { provisioner: 'Example.com/Disk', ...fields };
}

check('storage.k8s.io/v1', 'StorageClass', [
  ['defaults', storage({ reclaimPolicy: '', parameters: {} }), []],
  [
    'topologies',
    storage({ allowedTopologies: [term, { matchLabelExpressions: [{ key: 'zone', values: ['a'] }] }] }),
    [],
  ],
  ['no provisioner', { provisioner: '' }, [' [missing-field]']],
  ['a bad provisioner', { provisioner: 'a b' }, ['provisioner [invalid-name]']],
  [
    'another policy',
    storage({ reclaimPolicy: 'Recycle', volumeBindingMode: '' }),
    ['reclaimPolicy [wrong-value]', 'volumeBindingMode [wrong-value]'],
  ],
  ['a parameter without a name', storage({ parameters: { '': 'a' } }), ["parameters[''] [invalid-name]"]],
  [
    'a topology twice',
    storage({ allowedTopologies: [term, { matchLabelExpressions: [{ ...zone, values: ['b', 'a'] }] }] }),
    ['allowedTopologies[1].matchLabelExpressions [duplicate-value]'],
  ],
  ['an empty topology', storage({ allowedTopologies: [{}] }), ['allowedTopologies[0] [missing-field]']],
  [
    'a key twice',
    storage({ allowedTopologies: [{ matchLabelExpressions: [zone, zone] }] }),
    ['allowedTopologies[0].matchLabelExpressions[1].key [duplicate-value]'],
  ],
]);

check('storage.k8s.io/v1', 'CSIDriver', [
  ['nothing', {}, []],
  [
    'tokens',
    {
      spec: {
        tokenRequests: [{}, { audience: 'a', expirationSeconds: 600 }],
        serviceAccountTokenInSecrets: true,
      },
    },
    [],
  ],
  [
    'a period',
    { spec: { nodeAllocatableUpdatePeriodSeconds: 9 } },
    ['spec.nodeAllocatableUpdatePeriodSeconds [out-of-range]'],
  ],
  [
    'tokens in secrets, but no tokens',
    { spec: { serviceAccountTokenInSecrets: false } },
    ['spec.serviceAccountTokenInSecrets [forbidden-field]'],
  ],
  [
    'an audience twice',
    { spec: { tokenRequests: [{}, { audience: '', expirationSeconds: 599 }] } },
    [
      'spec.tokenRequests[1].audience [duplicate-value]',
      'spec.tokenRequests[1].expirationSeconds [out-of-range]',
    ],
  ],
  [
    'an unknown mode',
    { spec: { volumeLifecycleModes: ['a'] } },
    ['spec.volumeLifecycleModes[0] [wrong-value]'],
  ],
]);

const deprecatedTopology = { matchLabelExpressions: [{ ...zone, key: 'beta.kubernetes.io/os' }] };

check(
  'storage.k8s.io/v1',
  'StorageClass',
  [
    [
      'a deprecated label',
      storage({ allowedTopologies: [deprecatedTopology] }),
      ['allowedTopologies[0].matchLabelExpressions[0].key [deprecated]'],
    ],
  ],
  'warning',
);
