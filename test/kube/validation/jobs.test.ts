import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fields } from '../manifest.ts';
import { cronJob, job, serverFindings, template } from './workload-manifest.ts';

const indexed = { completionMode: 'Indexed', completions: 5 };
const ends = template({ restartPolicy: 'Never' });
const withLabels = (labels: Fields): Fields => ({ template: { ...ends, metadata: { labels } } });
const generated =
  'the selector of a Job is generated, and matches only the labels with its name and UID [selector-mismatch]';
const ofUid = 'must not be set: a cluster sets this label to the UID of the Job [forbidden-field]';
const notIndexed = "must not be set: the completionMode is not 'Indexed' [forbidden-field]";

const jobs: readonly (readonly [title: string, spec: Fields, findings: readonly string[]])[] = [
  ['as plain as can be', {}, []],
  [
    'no restart policy',
    { template: template() },
    ["spec.template.spec: missing required field 'restartPolicy' [missing-field]"],
  ],
  [
    'the default restart policy',
    { template: template({ restartPolicy: 'Always' }) },
    [
      "spec.template.spec.restartPolicy: the pods of a Job need 'Never' or 'OnFailure', got 'Always' [wrong-value]",
    ],
  ],
  [
    'a restart policy beside a failure policy',
    { podFailurePolicy: {}, template: template({ restartPolicy: 'OnFailure' }) },
    [
      "spec.template.spec.restartPolicy: the pods of a Job need 'Never' beside podFailurePolicy, got 'OnFailure' [wrong-value]",
    ],
  ],
  ['indexes without a number, of which there is one', { completionMode: 'Indexed' }, []],
  [
    'indexes without a number',
    { completionMode: 'Indexed', parallelism: 2 },
    ["spec: missing required field 'completions' [missing-field]"],
  ],
  [
    'limits of indexes without indexes',
    { backoffLimitPerIndex: 1, maxFailedIndexes: 1 },
    [`spec.backoffLimitPerIndex: ${notIndexed}`, `spec.maxFailedIndexes: ${notIndexed}`],
  ],
  [
    'more failed indexes than indexes',
    { ...indexed, backoffLimitPerIndex: 1, maxFailedIndexes: 6 },
    ['spec.maxFailedIndexes: must be from 0 to 5, got 6 [out-of-range]'],
  ],
  [
    'failed indexes without a limit of each',
    { ...indexed, maxFailedIndexes: 1 },
    ["spec: missing required field 'backoffLimitPerIndex' [missing-field]"],
  ],
  [
    'very many indexes',
    { completionMode: 'Indexed', completions: 100_001, parallelism: 10_001 },
    [
      'warning: spec.parallelism: more than 10000 at once of more than 100000 completions: a cluster may lose track of failed indexes [out-of-range]',
    ],
  ],
  [
    'very many indexes with a limit of each',
    { completionMode: 'Indexed', completions: 100_001, parallelism: 10_001, backoffLimitPerIndex: 1 },
    [
      "spec: missing required field 'maxFailedIndexes' [missing-field]",
      'spec.parallelism: must be from 0 to 10000, got 10001 [out-of-range]',
    ],
  ],
  [
    'a negative number',
    { backoffLimit: -1, ttlSecondsAfterFinished: 0 },
    ['spec.backoffLimit: must be at least 0, got -1 [out-of-range]'],
  ],
  ['a manager', { managedBy: 'example.com/a/b' }, []],
  [
    'a manager without a domain',
    { managedBy: 'mine' },
    ["spec.managedBy: 'mine' must be a domain and a name, such as 'example.com/controller' [invalid-name]"],
  ],
  [
    'a manager with a long name',
    { managedBy: `example.com/${'x'.repeat(52)}` },
    ['spec.managedBy: must have at most 63 characters, got 64 [invalid-name]'],
  ],
  [
    'a selector of its own',
    { selector: { matchLabels: { app: 'web' } } },
    [`spec.selector.matchLabels.app: ${generated}`],
  ],
  ['a selector that matches', { selector: { matchLabels: { 'job-name': 'once' } } }, []],
  [
    'a selector with a UID',
    { selector: { matchExpressions: [{ key: 'controller-uid', operator: 'In', values: ['1'] }] } },
    [`spec.selector.matchExpressions[0]: ${generated}`],
  ],
  ['a manual selector', { manualSelector: true, selector: { matchLabels: { app: 'web' } } }, []],
  ['a manual selector of all', { manualSelector: true, selector: {} }, []],
  [
    'no manual selector',
    { manualSelector: true },
    ["spec: missing required field 'selector' [missing-field]"],
  ],
  [
    'labels that a cluster sets',
    withLabels({ 'job-name': 'once', 'batch.kubernetes.io/job-name': 'twice', 'controller-uid': '1' }),
    [
      "spec.template.metadata.labels['batch.kubernetes.io/job-name']: must not be set: a cluster sets this label to the name of the Job [forbidden-field]",
      `spec.template.metadata.labels.controller-uid: ${ofUid}`,
    ],
  ],
  [
    'a replacement policy beside a failure policy',
    { podFailurePolicy: { rules: [] }, podReplacementPolicy: 'TerminatingOrFailed' },
    ["spec.podReplacementPolicy: must be 'Failed' beside podFailurePolicy [wrong-value]"],
  ],
];

for (const [title, spec, expected] of jobs)
  test(`Job: ${title}`, () => {
    assert.deepEqual(serverFindings(job(spec)), expected);
  });

const rule = 'spec.podFailurePolicy.rules[0]';
const onExit = (fields: Fields): Fields => ({
  action: 'FailJob',
  onExitCodes: { operator: 'In', values: [1], ...fields },
});

const rules: readonly (readonly [Fields, readonly string[]])[] = [
  [onExit({ containerName: 'app' }), []],
  [
    onExit({ containerName: 'apo' }),
    [
      `${rule}.onExitCodes.containerName: the template has no container 'apo', did you mean 'app'? [wrong-value]`,
    ],
  ],
  [onExit({ values: [] }), [`${rule}.onExitCodes.values: needs at least one exit code [missing-field]`]],
  [
    onExit({ values: [0, 1] }),
    [
      `${rule}.onExitCodes.values[0]: 0 means success: it must not be in the values of the operator 'In' [wrong-value]`,
    ],
  ],
  [onExit({ operator: 'NotIn', values: [0, 1] }), []],
  [
    onExit({ values: [3, 3, 2] }),
    [
      `${rule}.onExitCodes.values[1]: duplicate value '3' [duplicate-value]`,
      `${rule}.onExitCodes.values[2]: the exit codes must be in ascending order [wrong-value]`,
    ],
  ],
  [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] }, []],
  [
    { action: 'Ignore', onPodConditions: [{ type: 'a b', status: 'Yes' }] },
    [
      `${rule}.onPodConditions[0].status: 'Yes' is not a valid status (True, False, Unknown) [wrong-value]`,
      `${rule}.onPodConditions[0].type: 'a b' may only contain letters, digits, '-', '_' and '.', with a letter or digit at both ends [invalid-name]`,
    ],
  ],
  [{ action: 'Count' }, [`${rule}: needs 'onExitCodes' or 'onPodConditions' [missing-field]`]],
  [
    { ...onExit({}), onPodConditions: [{ type: 'a' }] },
    [`${rule}.onPodConditions: must not be set beside onExitCodes [several-values]`],
  ],
  [
    { ...onExit({}), action: 'FailIndex' },
    [`${rule}.action: 'FailIndex' needs spec.backoffLimitPerIndex [wrong-value]`],
  ],
];

for (const [one, expected] of rules)
  test(`a rule of a failure policy: ${JSON.stringify(one)}`, () => {
    assert.deepEqual(serverFindings(job({ podFailurePolicy: { rules: [one] } })), expected);
  });

test('a failure policy has 20 rules at most', () => {
  const many = Array.from({ length: 21 }, () => onExit({}));
  assert.deepEqual(serverFindings(job({ podFailurePolicy: { rules: many } })), [
    'spec.podFailurePolicy.rules: must have at most 20 items, got 21 [out-of-range]',
  ]);
});

const success = 'spec.successPolicy.rules[0]';
const successRules: readonly (readonly [Fields, readonly string[]])[] = [
  [{ succeededIndexes: '0,2-4' }, []],
  [{ succeededIndexes: '' }, []],
  [{ succeededCount: 5 }, []],
  [{}, [`${success}: needs 'succeededCount' or 'succeededIndexes' [missing-field]`]],
  [{ succeededCount: 6 }, [`${success}.succeededCount: must be from 0 to 5, got 6 [out-of-range]`]],
  [
    { succeededCount: 3, succeededIndexes: '0-1' },
    [`${success}.succeededCount: must be from 0 to 2, got 3 [out-of-range]`],
  ],
  [
    { succeededIndexes: '0-5' },
    [`${success}.succeededIndexes: '0-5' must be below the 5 completions [wrong-value]`],
  ],
  [
    { succeededIndexes: '1,0' },
    [`${success}.succeededIndexes: '0' must be in ascending order [wrong-value]`],
  ],
  [
    { succeededIndexes: '1-1' },
    [`${success}.succeededIndexes: '1-1' must be in ascending order [wrong-value]`],
  ],
  [
    { succeededIndexes: '1-2-3' },
    [`${success}.succeededIndexes: '1-2-3' is not an index or a range of two, such as '2-4' [wrong-value]`],
  ],
];

for (const [one, expected] of successRules)
  test(`a rule of a success policy: ${JSON.stringify(one)}`, () => {
    assert.deepEqual(serverFindings(job({ ...indexed, successPolicy: { rules: [one] } })), expected);
  });

test('a success policy needs indexes and rules', () => {
  assert.deepEqual(serverFindings(job({ successPolicy: { rules: [] } })), [
    `spec.successPolicy: ${notIndexed}`,
  ]);
  assert.deepEqual(serverFindings(job({ ...indexed, successPolicy: { rules: [] } })), [
    'spec.successPolicy: needs at least one rule [missing-field]',
  ]);
});

test('the name of a Job becomes a label and a hostname of its pods', () => {
  assert.deepEqual(serverFindings(job({}, { name: 'a'.repeat(63) })), []);
  assert.deepEqual(serverFindings(job(indexed, { name: 'a'.repeat(62) })), [
    'metadata.name: the last pod would have an invalid hostname: must have at most 63 characters, got 64 [invalid-name]',
  ]);
  assert.deepEqual(
    serverFindings(job({ manualSelector: true, selector: {} }, { name: 'a'.repeat(64) })).filter(
      (finding) => !finding.startsWith('warning'),
    ),
    [],
  );
  assert.deepEqual(serverFindings(job({}, { name: 'a'.repeat(64) })).slice(-1), [
    'metadata.name: must have at most 63 characters, got 64: it becomes the value of a label of the pods [invalid-name]',
  ]);
});

const inJob = (spec: Fields): Fields => ({ jobTemplate: { spec: { template: ends, ...spec } } });
const jobSpec = 'spec.jobTemplate.spec';
const ownSelector = 'must not be set: each Job of a CronJob gets a selector of its own [forbidden-field]';

const cronJobs: readonly (readonly [title: string, spec: Fields, findings: readonly string[]])[] = [
  ['as plain as can be', {}, []],
  ['labels of a Job', inJob(withLabels({ 'job-name': 'x' })), []],
  [
    'a selector',
    inJob({ selector: {}, manualSelector: true }),
    [`${jobSpec}.selector: ${ownSelector}`, `${jobSpec}.manualSelector: ${ownSelector}`],
  ],
  [
    'indexes without a number: a Job alone has a default',
    inJob({ completionMode: 'Indexed' }),
    [`${jobSpec}: missing required field 'completions' [missing-field]`],
  ],
  [
    'a wrong policy',
    { concurrencyPolicy: 'Never' },
    [
      "spec.concurrencyPolicy: 'Never' is not a valid concurrencyPolicy (Allow, Forbid, Replace) [wrong-value]",
    ],
  ],
  [
    'a negative number',
    { startingDeadlineSeconds: -1 },
    ['spec.startingDeadlineSeconds: must be at least 0, got -1 [out-of-range]'],
  ],
];

for (const [title, spec, expected] of cronJobs)
  test(`CronJob: ${title}`, () => {
    assert.deepEqual(serverFindings(cronJob(spec)), expected);
  });

test('the name of a CronJob leaves room for the names of its Jobs', () => {
  assert.deepEqual(serverFindings(cronJob({}, { name: 'a'.repeat(52) })), []);
  assert.deepEqual(serverFindings(cronJob({}, { name: 'a'.repeat(53) })), [
    'metadata.name: must have at most 52 characters, got 53: its Jobs get a longer name [invalid-name]',
  ]);
});
