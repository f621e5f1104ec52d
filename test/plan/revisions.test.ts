import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Workload } from '../../src/kube/workloads/workload.ts';
import { nextRecord } from '../../src/plan/decide/revisions.ts';
import type { ObservedPod } from '../../src/podman/inspect/observed.ts';
import { OWNER_LABEL } from '../../src/podman/labels.ts';
import { encodeRevisions, REVISIONS_LABEL, type RevisionRecord } from '../../src/podman/revisions-record.ts';

function template(image: string) {
  return { spec: { containers: [{ name: 'app', image }] } };
}

function workload(image: string, limit = 10): Workload {
  return {
    owner: 'deploy/web',
    podPrefix: 'web-12345-',
    replicas: 1,
    claimPrefixes: [],
    rollout: { order: { kind: 'recreate' }, minReadySeconds: 0, deadlineSeconds: 60, isOnDelete: false },
    history: { template: template(image), limit },
  };
}

/** `1a 2b`: revisions with their images; the last one is that of the pod itself. */
function recordOf(words: string): RevisionRecord {
  const all = words
    .split(' ')
    .map((word) => ({ revision: Number(word[0]), template: template(word.slice(1)) }));
  const own = all.at(-1) ?? { revision: 0, template: {} };
  return { ...own, deadlineSeconds: 600, earlier: all.slice(0, -1) };
}

function podOf(words: string, index: number, owner = 'deploy/web'): ObservedPod {
  const text = words === '' ? undefined : encodeRevisions(recordOf(words));
  return {
    id: `${index}`,
    name: `web-${index}`,
    labels: { [OWNER_LABEL]: owner, ...(text === undefined ? {} : { [REVISIONS_LABEL]: text }) },
    infra: 'running',
    infraStartedAt: 1,
  };
}

type Row = readonly [what: string, pods: readonly string[], image: string, limit: number, expected: string];

const ROWS: readonly Row[] = [
  ['the first one', [], 'a', 10, '1a'],
  ['pods without a record', [''], 'a', 10, '1a'],
  ['the same template', ['1a'], 'a', 10, '1a'],
  ['another template', ['1a'], 'b', 10, '1a 2b'],
  ['a third one', ['1a 2b'], 'c', 10, '1a 2b 3c'],
  ['the newest pod counts', ['1a 2b', '1a'], 'c', 10, '1a 2b 3c'],
  ['an earlier template is the next revision', ['1a 2b 3c'], 'a', 10, '2b 3c 4a'],
  ['the one before', ['1a 2b'], 'a', 10, '2b 3a'],
  ['at most so many earlier ones', ['1a 2b 3c'], 'd', 2, '2b 3c 4d'],
  ['no earlier one', ['1a 2b'], 'c', 0, '3c'],
];

for (const [what, pods, image, limit, expected] of ROWS)
  test(`the revisions that a new pod records: ${what}`, () => {
    const record = nextRecord(workload(image, limit), {
      pods: pods.map((words, index) => podOf(words, index)),
      containers: [],
    });
    const all = record === undefined ? [] : [...record.earlier, record];
    assert.deepEqual(
      all.map((one) => `${one.revision}${JSON.stringify(one.template).replace(/.*"image":"(\w)".*/, '$1')}`),
      expected.split(' '),
    );
    assert.equal(record?.deadlineSeconds, 60);
  });

test('pods of other workloads do not count', () => {
  assert.equal(
    nextRecord(workload('b'), { pods: [podOf('1a', 1, 'deploy/other')], containers: [] })?.revision,
    1,
  );
});

test('a workload without a history records nothing', () => {
  const { history: _history, ...stateful } = workload('a');
  assert.equal(nextRecord(stateful, { pods: [], containers: [] }), undefined);
});
