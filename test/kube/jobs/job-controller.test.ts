import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advanceJob } from '../../../src/kube/jobs/job-controller.ts';
import { completionsOf } from '../../../src/kube/jobs/job-ends.ts';
import type { JobSpec } from '../../../src/kube/jobs/job-spec.ts';
import type { JobPod, JobStatus } from '../../../src/kube/jobs/job-status.ts';

const START = 1_000_000;
const SECOND = 1000;

const SPEC: JobSpec = {
  ...{ completions: 1, parallelism: 1, isIndexed: false, suspend: false },
  ...{ restartPolicy: 'Never', backoffLimit: 6, failureRules: [] },
};

interface Row {
  readonly title: string;
  readonly spec?: Partial<JobSpec>;
  readonly status?: Partial<JobStatus>;
  /** `0 active`, `1 failed 3 @20`: the suffix, the state, the exit code, and the seconds since the start. */
  readonly pods?: readonly string[];
  /** Seconds since the start; `plan` for none. */
  readonly at?: number | 'plan';
  /** The suffixes of new pods. */
  readonly creates?: readonly string[];
  readonly removes?: readonly string[];
  /** `TYPE REASON` of the end. */
  readonly end?: string;
  /** Seconds since the start. */
  readonly next?: number;
  readonly expired?: true;
}

const INDEXED = { isIndexed: true, completions: 3, parallelism: 3 };
const PER_INDEX = { ...INDEXED, completions: 2, parallelism: 2, backoffLimitPerIndex: 1, backoffLimit: 1000 };
const QUEUE = { completions: undefined, parallelism: 2 } as unknown as Partial<JobSpec>;
const ended = (outcome: 'succeeded' | 'failed', seconds: number, index?: number) => ({
  ...{ outcome, at: START + seconds * SECOND },
  ...(index === undefined ? {} : { index }),
});
const rule = (action: 'FailJob' | 'FailIndex' | 'Ignore' | 'Count', values: readonly number[]) =>
  ({ index: 0, action, operator: 'In', values }) as const;

const ROWS: readonly Row[] = [
  { title: 'a new Job starts one pod', creates: ['0'] },
  {
    title: 'as many as parallelism, not as completions',
    spec: { completions: 5, parallelism: 2 },
    creates: ['0', '1'],
  },
  { title: 'no more than completions', spec: { completions: 2, parallelism: 5 }, creates: ['0', '1'] },
  { title: 'parallelism 0 starts none', spec: { parallelism: 0 } },
  {
    title: 'a plan starts the first pods',
    at: 'plan',
    spec: { completions: 5, parallelism: 2 },
    creates: ['0', '1'],
  },
  { title: 'an active pod is enough', pods: ['0 active'] },
  { title: 'stopped by the user, it creates no pod', status: { isStopped: true } },
  { title: 'stopped by the user, its pods are kept', status: { isStopped: true }, pods: ['0 active'] },
  {
    title: 'the next one when one has succeeded',
    spec: { completions: 3 },
    pods: ['0 succeeded @5'],
    at: 5,
    creates: ['1'],
  },
  {
    title: 'no more than what is missing',
    spec: { completions: 3, parallelism: 2 },
    pods: ['0 succeeded @5', '1 succeeded @5'],
    at: 5,
    creates: ['2'],
  },
  { title: 'complete', pods: ['0 succeeded @5'], at: 5, end: 'Complete CompletionsReached' },
  {
    title: 'complete: pods too many are removed',
    spec: { completions: 1, parallelism: 2 },
    pods: ['0 succeeded @5', '1 active'],
    at: 5,
    end: 'Complete CompletionsReached',
    removes: ['1'],
  },
  {
    title: 'what has ended counts without its pod',
    status: { ended: { 'job-0': ended('succeeded', 5) } },
    at: 9,
    end: 'Complete CompletionsReached',
  },
  {
    title: 'a number is not used again',
    spec: { completions: 2 },
    status: { ended: { 'job-0': ended('succeeded', 5) } },
    at: 9,
    creates: ['1'],
  },
  {
    title: 'parallelism was reduced: the last ones go',
    spec: { completions: 9, parallelism: 1 },
    pods: ['0 active', '1 active', '2 active'],
    removes: ['1', '2'],
  },
  {
    title: 'by number, not by letter',
    spec: { completions: 20, parallelism: 1 },
    pods: ['9 active', '10 active'],
    removes: ['10'],
  },
  { title: 'a failed pod: back-off of 10 s', pods: ['0 failed 1 @5'], at: 6, next: 15 },
  { title: 'after the back-off another pod', pods: ['0 failed 1 @5'], at: 15, creates: ['1'] },
  { title: 'the back-off doubles', pods: ['0 failed 1 @5', '1 failed 1 @20'], at: 21, next: 40 },
  {
    title: 'at most 10 min',
    pods: [0, 1, 2, 3, 4, 5, 6].map((n) => `${n} failed 1 @${n}`),
    spec: { backoffLimit: 99 },
    at: 7,
    next: 606,
  },
  {
    title: 'a success resets the back-off',
    spec: { completions: 2 },
    pods: ['0 failed 1 @5', '1 succeeded @20'],
    at: 21,
    creates: ['2'],
  },
  {
    title: 'a failure after a success counts as the first',
    spec: { completions: 2 },
    pods: ['0 failed 1 @5', '1 succeeded @20', '2 failed 1 @30'],
    at: 31,
    next: 40,
  },
  { title: 'a plan does not pass over a back-off', at: 'plan', pods: ['0 failed 1 @5'] },
  {
    title: 'the back-off holds back all new pods',
    spec: { completions: 4, parallelism: 2 },
    pods: ['0 failed 1 @5', '1 active'],
    at: 6,
    next: 15,
  },
  {
    title: 'at the limit, one more pod',
    spec: { backoffLimit: 1 },
    pods: ['0 failed 1 @5'],
    at: 16,
    creates: ['1'],
  },
  {
    title: 'over the limit',
    spec: { backoffLimit: 1 },
    pods: ['0 failed 1 @5', '1 failed 1 @20'],
    at: 21,
    end: 'Failed BackoffLimitExceeded',
  },
  {
    title: 'backoffLimit 0: the first failure',
    spec: { backoffLimit: 0 },
    pods: ['0 failed 1 @5'],
    at: 5,
    end: 'Failed BackoffLimitExceeded',
  },
  {
    title: 'over the limit, the active ones are removed',
    spec: { backoffLimit: 0, completions: 2, parallelism: 2 },
    pods: ['0 failed 1 @5', '1 active'],
    at: 5,
    end: 'Failed BackoffLimitExceeded',
    removes: ['1'],
  },
  {
    title: 'failures of removed pods count',
    spec: { backoffLimit: 0 },
    status: { ended: { 'job-0': ended('failed', 5) } },
    at: 9,
    end: 'Failed BackoffLimitExceeded',
  },
  {
    title: 'OnFailure: restarts below the limit',
    spec: { restartPolicy: 'OnFailure', backoffLimit: 3 },
    pods: ['0 active +2'],
  },
  {
    title: 'OnFailure: restarts at the limit',
    spec: { restartPolicy: 'OnFailure', backoffLimit: 3 },
    pods: ['0 active +3'],
    end: 'Failed BackoffLimitExceeded',
    removes: ['0'],
  },
  {
    title: 'OnFailure: restarts of all pods',
    spec: { restartPolicy: 'OnFailure', backoffLimit: 3, completions: 2, parallelism: 2 },
    pods: ['0 active +2', '1 active +1'],
    end: 'Failed BackoffLimitExceeded',
    removes: ['0', '1'],
  },
  {
    title: 'OnFailure with backoffLimit 0: no restart yet',
    spec: { restartPolicy: 'OnFailure', backoffLimit: 0 },
    pods: ['0 active'],
  },
  {
    title: 'OnFailure with backoffLimit 0: one restart',
    spec: { restartPolicy: 'OnFailure', backoffLimit: 0 },
    pods: ['0 active +1'],
    end: 'Failed BackoffLimitExceeded',
    removes: ['0'],
  },
  { title: 'before the deadline', spec: { activeDeadlineSeconds: 60 }, pods: ['0 active'], at: 59, next: 60 },
  {
    title: 'at the deadline',
    spec: { activeDeadlineSeconds: 60 },
    pods: ['0 active'],
    at: 60,
    end: 'Failed DeadlineExceeded',
    removes: ['0'],
  },
  {
    title: 'the deadline passes during a back-off',
    spec: { activeDeadlineSeconds: 10 },
    pods: ['0 failed 1 @5'],
    at: 6,
    next: 10,
  },
  {
    title: 'the limit is named before the deadline',
    spec: { activeDeadlineSeconds: 10, backoffLimit: 0 },
    pods: ['0 failed 1 @5'],
    at: 12,
    end: 'Failed BackoffLimitExceeded',
  },
  { title: 'a plan knows no deadline', at: 'plan', spec: { activeDeadlineSeconds: 1 }, pods: ['0 active'] },
  { title: 'suspended: none is created', spec: { suspend: true } },
  {
    title: 'suspended: active pods are removed, ended ones kept',
    spec: { suspend: true, completions: 3, parallelism: 2 },
    pods: ['0 succeeded @5', '1 active', '2 active'],
    at: 9,
    removes: ['1', '2'],
  },
  { title: 'suspended: no deadline', spec: { suspend: true, activeDeadlineSeconds: 1 }, at: 99 },
  {
    title: 'resumed: the rest',
    spec: { completions: 3, parallelism: 2 },
    pods: ['0 succeeded @5'],
    at: 99,
    creates: ['1', '2'],
  },
  {
    title: 'FailJob',
    spec: { failureRules: [rule('FailJob', [42])] },
    pods: ['0 failed 42 @5'],
    at: 5,
    end: 'Failed PodFailurePolicy',
  },
  {
    title: 'FailJob does not match another exit code',
    spec: { failureRules: [rule('FailJob', [42])] },
    pods: ['0 failed 1 @5'],
    at: 15,
    creates: ['1'],
  },
  {
    title: 'NotIn',
    spec: { failureRules: [{ ...rule('FailJob', [1]), operator: 'NotIn' }] },
    pods: ['0 failed 2 @5'],
    at: 5,
    end: 'Failed PodFailurePolicy',
  },
  {
    title: 'a rule for another container',
    spec: { failureRules: [{ ...rule('FailJob', [42]), container: 'other' }] },
    pods: ['0 failed 42 @5'],
    at: 15,
    creates: ['1'],
  },
  {
    title: 'Ignore does not count',
    spec: { backoffLimit: 0, failureRules: [rule('Ignore', [42])] },
    pods: ['0 failed 42 @5'],
    at: 15,
    creates: ['1'],
  },
  {
    title: 'the first rule decides',
    spec: { backoffLimit: 0, failureRules: [rule('Ignore', [42]), { ...rule('FailJob', [42]), index: 1 }] },
    pods: ['0 failed 42 @5'],
    at: 15,
    creates: ['1'],
  },
  {
    title: 'Count',
    spec: { backoffLimit: 0, failureRules: [rule('Count', [42])] },
    pods: ['0 failed 42 @5'],
    at: 5,
    end: 'Failed BackoffLimitExceeded',
  },
  { title: 'Indexed: all indexes', spec: INDEXED, creates: ['0', '1', '2'] },
  { title: 'Indexed: the first ones', spec: { ...INDEXED, parallelism: 2 }, creates: ['0', '1'] },
  {
    title: 'Indexed: the one that is missing',
    spec: INDEXED,
    pods: ['0 active', '2 active'],
    creates: ['1'],
  },
  {
    title: 'Indexed: another pod for an index that failed',
    spec: INDEXED,
    pods: ['0 active', '1 failed 1 @5', '2 active'],
    at: 15,
    creates: ['1-1'],
  },
  {
    title: 'Indexed: and another',
    spec: INDEXED,
    pods: ['0 active', '1 failed 1 @5', '1-1 failed 1 @15', '2 active'],
    at: 35,
    creates: ['1-2'],
  },
  {
    title: 'Indexed: complete with every index',
    spec: INDEXED,
    pods: ['0 succeeded @5', '1-1 succeeded @5', '2 succeeded @5'],
    at: 5,
    end: 'Complete CompletionsReached',
  },
  {
    title: 'Indexed: two successes of one index are one',
    spec: INDEXED,
    pods: ['0 succeeded @5', '0-1 succeeded @5', '2 succeeded @5'],
    at: 5,
    creates: ['1'],
  },
  {
    title: 'per index: a back-off of its own',
    spec: PER_INDEX,
    pods: ['0 failed 1 @5', '1 succeeded @9'],
    at: 10,
    next: 15,
  },
  {
    title: 'per index: the others go on',
    spec: { ...PER_INDEX, completions: 3 },
    pods: ['0 failed 1 @5', '1 succeeded @6'],
    at: 7,
    creates: ['2'],
    next: 15,
  },
  {
    title: 'per index: one index has failed, the other runs',
    spec: PER_INDEX,
    pods: ['0 failed 1 @5', '0-1 failed 1 @15', '1 active'],
    at: 16,
  },
  {
    title: 'per index: all have ended',
    spec: PER_INDEX,
    pods: ['0 failed 1 @5', '0-1 failed 1 @15', '1 succeeded @9'],
    at: 16,
    end: 'Failed FailedIndexes',
  },
  {
    title: 'per index: too many',
    spec: { ...PER_INDEX, maxFailedIndexes: 0 },
    pods: ['0 failed 1 @5', '0-1 failed 1 @15', '1 active'],
    at: 16,
    end: 'Failed MaxFailedIndexesExceeded',
    removes: ['1'],
  },
  {
    title: 'FailIndex',
    spec: { ...PER_INDEX, failureRules: [rule('FailIndex', [42])] },
    pods: ['0 failed 42 @5', '1 succeeded @5'],
    at: 6,
    end: 'Failed FailedIndexes',
  },
  { title: 'a work queue starts its workers', spec: QUEUE, creates: ['0', '1'] },
  {
    title: 'a work queue: no new worker after a success',
    spec: QUEUE,
    pods: ['0 succeeded @5', '1 active'],
    at: 6,
  },
  {
    title: 'a work queue: complete when all have ended',
    spec: QUEUE,
    pods: ['0 succeeded @5', '1 failed 1 @9'],
    at: 9,
    end: 'Complete CompletionsReached',
  },
  {
    title: 'a work queue: failures only',
    spec: QUEUE,
    pods: ['0 failed 1 @5', '1 active'],
    at: 15,
    creates: ['2'],
  },
  {
    title: 'finished: pods are kept',
    status: { end: { type: 'Failed', reason: 'BackoffLimitExceeded', message: '', at: START } },
    pods: ['0 failed 1 @0'],
    at: 999,
    end: 'Failed BackoffLimitExceeded',
  },
  {
    title: 'finished: what is active goes',
    status: { end: { type: 'Failed', reason: 'BackoffLimitExceeded', message: '', at: START } },
    pods: ['0 active'],
    at: 9,
    end: 'Failed BackoffLimitExceeded',
    removes: ['0'],
  },
  {
    title: 'finished: until its time to live has passed',
    spec: { ttlSecondsAfterFinished: 60 },
    pods: ['0 succeeded @5'],
    at: 5,
    end: 'Complete CompletionsReached',
    next: 65,
  },
  {
    title: 'finished: its time to live has passed',
    spec: { ttlSecondsAfterFinished: 60 },
    status: { end: { type: 'Complete', reason: 'CompletionsReached', message: '', at: START } },
    pods: ['0 succeeded @0'],
    at: 60,
    end: 'Complete CompletionsReached',
    removes: ['0'],
    expired: true,
  },
];

function podOf(text: string, isIndexed: boolean): JobPod {
  const [suffix = '', state = '', ...rest] = text.split(' ');
  const seconds = rest.find((word) => word.startsWith('@'))?.slice(1);
  const restarts = Number(rest.find((word) => word.startsWith('+'))?.slice(1) ?? 0);
  const exitCode = Number(rest.find((word) => /^\d+$/.test(word)) ?? 0);
  return {
    ...{ name: `job-${suffix}`, state: state as JobPod['state'], restarts },
    ...(isIndexed ? { index: Number(suffix.split('-', 1)[0]) } : {}),
    ...(seconds === undefined ? {} : { endedAt: START + Number(seconds) * SECOND }),
    failures: exitCode === 0 ? [] : [{ container: 'main', exitCode }],
  };
}

for (const row of ROWS)
  void test(row.title, () => {
    const spec = { ...SPEC, ...row.spec };
    const { at = 0 } = row;
    const step = advanceJob({
      ...{ spec, podPrefix: 'job-', status: { startedAt: START, ended: {}, ...row.status } },
      pods: (row.pods ?? []).map((text) => podOf(text, spec.isIndexed)),
      ...(at === 'plan' ? {} : { now: START + at * SECOND }),
    });
    const { end } = step.status;
    assert.deepEqual(
      {
        creates: step.creates.map(({ suffix }) => suffix),
        removes: step.removes,
        end: end && `${end.type} ${end.reason}`,
        expired: step.isExpired,
      },
      {
        creates: row.creates ?? [],
        removes: (row.removes ?? []).map((suffix) => `job-${suffix}`),
        end: row.end,
        expired: row.expired ?? false,
      },
    );
    if (at !== 'plan')
      assert.equal(step.nextAt, row.next === undefined ? Infinity : START + row.next * SECOND);
    if (spec.isIndexed)
      for (const pod of step.creates) assert.equal(pod.index, Number.parseInt(pod.suffix, 10));
  });

void test('the Job starts when it is first looked at, and again when it goes on', () => {
  const given = { podPrefix: 'job-', pods: [], now: START };
  assert.equal(advanceJob({ ...given, spec: SPEC, status: { ended: {} } }).status.startedAt, START);
  const suspended = advanceJob({
    ...{ ...given, spec: { ...SPEC, suspend: true }, status: { startedAt: 1, ended: {} } },
  });
  assert.equal(suspended.status.startedAt, undefined);
});

void test('the back-off can be shorter, in proportion', () => {
  const pods = [podOf('0 failed 1 @5', false), podOf('1 failed 1 @6', false)];
  const given = { spec: SPEC, podPrefix: 'job-', status: { startedAt: START, ended: {} }, pods };
  const { nextAt } = advanceJob({ ...given, now: START + 6500, firstBackOffSeconds: 1 });
  assert.equal(nextAt, START + 8 * SECOND);
});

void test('completions', () => {
  const status = { ended: { 'job-0': ended('succeeded', 1, 0), 'job-1': ended('failed', 1, 1) } };
  assert.deepEqual(completionsOf({ ...SPEC, completions: 2 }, status), { succeeded: 1, asked: 2 });
  assert.deepEqual(completionsOf({ ...SPEC, ...QUEUE }, status), { succeeded: 1 });
});
