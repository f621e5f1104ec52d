import assert from 'node:assert/strict';
import { test } from 'node:test';
import { podposeVerdict } from '../../oracle/podpose-verdict.ts';
import { findings, podWith, type Fields } from '../manifest.ts';

/** What is told of a pod besides that its fields are ignored: the place and the code. */
function told(spec: Fields, metadata: Fields = {}): readonly string[] {
  return findings(podWith(spec, metadata))
    .filter((text) => !text.endsWith('[ignored]') && !text.endsWith('[not-supported]'))
    .map((text) => text.replace(/^((?:warning: )?)spec\.([^ ]*): .*(\[[\w-]+\])$/, '$1$2 $3'));
}

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

function nodeTerm(term: Fields): Fields {
  return { affinity: { nodeAffinity: { [REQUIRED]: { nodeSelectorTerms: [term] } } } };
}

function expression(requirement: Fields): Fields {
  return nodeTerm({ matchExpressions: [requirement] });
}

function field(requirement: Fields): Fields {
  return nodeTerm({ matchFields: [requirement] });
}

const nodeTermPath = `affinity.nodeAffinity.${REQUIRED}.nodeSelectorTerms`;
const expressionPath = `${nodeTermPath}[0].matchExpressions[0]`;
const fieldPath = `${nodeTermPath}[0].matchFields[0]`;

const nodeAffinities: readonly (readonly [Fields, readonly string[]])[] = [
  [
    { affinity: { nodeAffinity: { [REQUIRED]: { nodeSelectorTerms: [] } } } },
    [`${nodeTermPath} [missing-field]`],
  ],
  [expression({ key: 'disk', operator: 'In', values: ['ssd'] }), []],
  [expression({ key: 'a b', operator: 'Exists' }), [`${expressionPath}.key [invalid-label]`]],
  [expression({ key: 'disk', operator: 'In' }), [`${expressionPath} [missing-field]`]],
  [
    expression({ key: 'disk', operator: 'Exists', values: ['a'] }),
    [`${expressionPath}.values [forbidden-field]`],
  ],
  [expression({ key: 'cores', operator: 'Gt', values: ['4'] }), []],
  [expression({ key: 'cores', operator: 'Gt' }), [`${expressionPath} [missing-field]`]],
  [
    expression({ key: 'cores', operator: 'Gt', values: ['4', '5'] }),
    [`${expressionPath}.values [several-values]`],
  ],
  [
    expression({ key: 'disk', operator: 'In', values: ['b c'] }),
    [`${expressionPath}.values[0] [invalid-label]`],
  ],
  [
    expression({ key: 'beta.kubernetes.io/os', operator: 'Exists' }),
    [`warning: ${expressionPath}.key [deprecated]`],
  ],
  [field({ key: 'metadata.name', operator: 'In', values: ['node-1'] }), []],
  [field({ key: 'spec.x', operator: 'In', values: ['a'] }), [`${fieldPath}.key [wrong-value]`]],
  [field({ key: 'metadata.name', operator: 'Exists' }), [`${fieldPath}.operator [wrong-value]`]],
  [
    field({ key: 'metadata.name', operator: 'In', values: ['A_b'] }),
    [`${fieldPath}.values[0] [invalid-name]`],
  ],
  [
    field({ key: 'metadata.name', operator: 'In', values: ['a', 'b'] }),
    [`${fieldPath}.values [several-values]`],
  ],
];

const preference = { matchExpressions: [{ key: 'disk', operator: 'In', values: ['b c'] }] };
const preferredPath = `affinity.nodeAffinity.${PREFERRED}[0]`;
const preferences: readonly (readonly [Fields, readonly string[]])[] = [
  [{ weight: 1 }, []],
  [{ weight: 0 }, [`${preferredPath}.weight [out-of-range]`]],
  [{ weight: 101 }, [`${preferredPath}.weight [out-of-range]`]],
  [
    { weight: 1, preference },
    [`warning: ${preferredPath}.preference.matchExpressions[0].values[0] [invalid-label]`],
  ],
];

const app = { labelSelector: { matchLabels: { app: 'web' } } };
const podTerm = `affinity.podAffinity.${REQUIRED}[0]`;
const podTerms: readonly (readonly [Fields, readonly string[]])[] = [
  [{ topologyKey: 'zone', ...app }, []],
  [{ topologyKey: 'zone' }, [`warning: ${podTerm} [selects-nothing]`]],
  [{ topologyKey: '', ...app }, [`${podTerm}.topologyKey [invalid-label]`]],
  [{ topologyKey: 'zone', ...app, namespaces: ['A_b'] }, [`${podTerm}.namespaces[0] [invalid-name]`]],
  [
    { topologyKey: 'zone', labelSelector: { matchLabels: { app: 'b c' } } },
    [`${podTerm}.labelSelector.matchLabels.app [invalid-label]`],
  ],
  [
    { topologyKey: 'zone', ...app, namespaceSelector: { matchExpressions: [{ key: 'a', operator: 'In' }] } },
    [`${podTerm}.namespaceSelector.matchExpressions[0] [missing-field]`],
  ],
  [{ topologyKey: 'zone', matchLabelKeys: ['x'] }, [`${podTerm}.matchLabelKeys [forbidden-field]`]],
  [
    { topologyKey: 'zone', ...app, mismatchLabelKeys: ['a b'] },
    [`${podTerm}.mismatchLabelKeys[0] [invalid-label]`],
  ],
  [
    { topologyKey: 'zone', ...app, matchLabelKeys: ['x'], mismatchLabelKeys: ['x'] },
    [`${podTerm}.matchLabelKeys[0] [duplicate-value]`],
  ],
  // The pod has the label 'app', and not 'other'.
  [
    { topologyKey: 'zone', ...app, matchLabelKeys: ['app'] },
    [`${podTerm}.matchLabelKeys[0] [duplicate-value]`],
  ],
  [{ topologyKey: 'zone', labelSelector: { matchLabels: { other: 'a' } }, matchLabelKeys: ['other'] }, []],
];

const spread = { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: {} };
const spreadPath = 'topologySpreadConstraints[0]';
const spreads: readonly (readonly [readonly Fields[], readonly string[]])[] = [
  [[spread], []],
  [[spread, { ...spread, whenUnsatisfiable: 'ScheduleAnyway' }], []],
  [[spread, spread], ['topologySpreadConstraints[1] [duplicate-value]']],
  [[{ ...spread, maxSkew: 0 }], [`${spreadPath}.maxSkew [out-of-range]`]],
  [[{ ...spread, minDomains: 0 }], [`${spreadPath}.minDomains [out-of-range]`]],
  [
    [{ ...spread, whenUnsatisfiable: 'ScheduleAnyway', minDomains: 2 }],
    [`${spreadPath}.minDomains [forbidden-field]`],
  ],
  [[{ ...spread, topologyKey: '' }], [`${spreadPath} [missing-field]`]],
  // A server does not check the form of this key.
  [[{ ...spread, topologyKey: 'a b' }], []],
  [[{ ...spread, matchLabelKeys: ['a b'] }], [`${spreadPath}.matchLabelKeys[0] [invalid-label]`]],
];

const toleration = 'tolerations[0]';
const tolerations: readonly (readonly [Fields, readonly string[]])[] = [
  [{ operator: 'Exists' }, []],
  [{ key: 'gpu', value: 'yes', effect: 'NoExecute', tolerationSeconds: 5 }, []],
  [{ key: '', operator: 'Equal' }, [`${toleration}.operator [invalid-toleration]`]],
  [{ key: 'a b' }, [`${toleration}.key [invalid-label]`]],
  [{ key: 'gpu', value: 'b c' }, [`${toleration}.value [invalid-label]`]],
  [{ key: 'gpu', operator: 'Exists', value: 'x' }, [`${toleration}.value [invalid-toleration]`]],
  [{ key: 'gpu', operator: 'Gt', value: '5' }, [`${toleration}.operator [invalid-toleration]`]],
  [
    { key: 'gpu', effect: 'NoSchedule', tolerationSeconds: 5 },
    [`${toleration}.tolerationSeconds [invalid-toleration]`],
  ],
];

const specs: readonly (readonly [Fields, readonly string[]])[] = [
  [{ serviceAccountName: 'My_Robot' }, ['serviceAccountName [invalid-name]']],
  [{ serviceAccount: 'My_Robot' }, ['serviceAccount [invalid-name]']],
  [{ serviceAccount: 'My_Robot', serviceAccountName: 'robot' }, []],
  [{ nodeName: 'Node_1' }, ['nodeName [invalid-name]']],
  [{ nodeName: '', priorityClassName: '' }, []],
  [{ priorityClassName: 'High_Prio' }, ['priorityClassName [invalid-name]']],
  [{ runtimeClassName: 'gvisor' }, []],
  [{ runtimeClassName: '' }, ['runtimeClassName [invalid-name]']],
  [{ readinessGates: [{ conditionType: 'a b' }] }, ['readinessGates[0].conditionType [invalid-label]']],
  [{ schedulingGates: [{ name: 'a b' }] }, ['schedulingGates[0].name [invalid-label]']],
  [{ schedulingGates: [{ name: 'a' }, { name: 'a' }] }, ['schedulingGates[1].name [duplicate-value]']],
  [{ schedulingGates: [{ name: 'a' }], nodeName: 'n' }, ['nodeName [forbidden-field]']],
  [
    { nodeSelector: { 'beta.kubernetes.io/arch': 'arm64' } },
    ["warning: nodeSelector['beta.kubernetes.io/arch'] [deprecated]"],
  ],
];

const all: readonly (readonly [Fields, readonly string[]])[] = [
  ...nodeAffinities,
  ...preferences.map(
    ([term, expected]) => [{ affinity: { nodeAffinity: { [PREFERRED]: [term] } } }, expected] as const,
  ),
  ...podTerms.map(
    ([term, expected]) => [{ affinity: { podAffinity: { [REQUIRED]: [term] } } }, expected] as const,
  ),
  ...spreads.map(
    ([topologySpreadConstraints, expected]) => [{ topologySpreadConstraints }, expected] as const,
  ),
  ...tolerations.map(([one, expected]) => [{ tolerations: [one] }, expected] as const),
  ...specs,
];

for (const [index, [spec, expected]] of all.entries())
  test(`scheduling ${index + 1}: ${JSON.stringify(spec)}`, () => {
    assert.deepEqual(told(spec, { labels: { app: 'web' } }), expected);
  });

test('a value of a wrong type is reported once', () => {
  const specs: readonly Fields[] = [
    { tolerations: [{ key: '', operator: 'Every' }] },
    expression({ key: 'disk', operator: 'In', values: 'ssd' }),
    { affinity: { podAffinity: { [REQUIRED]: [{ topologyKey: 'zone', labelSelector: 'web' }] } } },
  ];
  for (const spec of specs) {
    const { errors, warnings } = podposeVerdict(podWith(spec));
    assert.equal(errors.length, 1);
    assert.deepEqual(
      warnings.filter(({ code }) => code !== 'ignored'),
      [],
    );
  }
});

const template = (spec: Fields, metadata: Fields): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'PodTemplate',
    metadata: { name: 'web' },
    template: { metadata, spec: { containers: [{ name: 'app', image: 'nginx:1.27' }], ...spec } },
  });

test('a template is not a pod yet', () => {
  const labels = { app: 'web' };
  const selected = [{ topologyKey: 'zone', ...app, matchLabelKeys: ['app'] }];
  const accepted: readonly Fields[] = [
    { schedulingGates: [{ name: 'a' }], nodeName: 'n' },
    { affinity: { podAffinity: { [REQUIRED]: selected } } },
    { containers: [{ name: 'app', image: ' nginx ' }] },
    {
      hostNetwork: true,
      containers: [{ name: 'app', image: 'nginx', ports: [{ containerPort: 80 }, { containerPort: 80 }] }],
    },
  ];
  for (const spec of accepted) assert.equal(podposeVerdict(template(spec, { labels })).isRejected, false);
  for (const spec of accepted) assert.equal(podposeVerdict(podWith(spec, { labels })).isRejected, true);
});
