import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  workloadRollout,
  type RolloutFacts,
  type RolloutPod,
} from '../../../src/kube/status/workload-rollout.ts';

const NOW = 1000;

/** `b2+`: template b, revision 2, available; `a-`: no revision, not available. @param age in seconds */
function podsOf(words: string, age = 0): readonly RolloutPod[] {
  return words.split(' ').flatMap((word): readonly RolloutPod[] => {
    const [, template = '', number = '', sign] = /^([a-z])(\d*)([+-])$/.exec(word) ?? [];
    const revision = number === '' ? undefined : Number(number);
    return [{ template, revision, isAvailable: sign === '+', createdAt: NOW - age }];
  });
}

type Row = readonly [
  what: string,
  pods: string,
  facts: Partial<RolloutFacts> & { readonly age?: number },
  kind: string,
  words: string,
];

const ROWS: readonly Row[] = [
  ['all pods are available', 'a1+ a1+', {}, 'complete', '2 of 2 pods available'],
  ['pods without a record', 'a+', {}, 'complete', '1 of 1 pod available'],
  ['a podpose is at work', 'a1+ a1+', { isBusy: true }, 'progressing', '2 of 2 pods available'],
  ['a pod is not available yet', 'a1+ a1-', { age: 9 }, 'progressing', '1 of 2 pods available'],
  ['a pod is not available at the deadline', 'a1+ a1-', { age: 10 }, 'late', '1 of 2 pods available'],
  [
    'something has changed since: the deadline begins again',
    'a1+ a1-',
    { age: 60, changedAt: NOW - 5 },
    'progressing',
    '1 of 2 pods available',
  ],
  [
    'a podpose keeps the deadline itself',
    'a1-',
    { age: 60, isBusy: true },
    'progressing',
    '0 of 1 pod available',
  ],
  [
    'old pods are being replaced',
    'a1+ a1+ b2-',
    { isBusy: true },
    'progressing',
    '1 of 3 pods has the new template, 0 available',
  ],
  [
    'old pods are left by a rollout that has stopped',
    'a1+ b2+ b2-',
    {},
    'stopped',
    '2 of 3 pods have the new template, 1 available',
  ],
  [
    'after an undo, the newest revision has an earlier template',
    'a3+ b2+',
    {},
    'stopped',
    '1 of 2 pods has the new template, 1 available',
  ],
];

for (const [what, pods, { age, ...facts }, kind, words] of ROWS)
  test(`a rollout: ${what}`, () => {
    const given = { isBusy: false, deadlineSeconds: 10, now: NOW, changedAt: 0, ...facts };
    assert.deepEqual(workloadRollout({ ...given, pods: podsOf(pods, age) }), { kind, words });
  });

test('without revisions, the newest pod has the new template', () => {
  const pods = [...podsOf('a+', 60), ...podsOf('b-', 1), ...podsOf('a+', 50)];
  const given = { isBusy: true, deadlineSeconds: 10, now: NOW, changedAt: 0 };
  assert.equal(workloadRollout({ ...given, pods }).words, '1 of 3 pods has the new template, 0 available');
});
