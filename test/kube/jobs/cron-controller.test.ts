import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advanceCron, type CronRun, type CronSpec } from '../../../src/kube/jobs/cron-controller.ts';
import { nextTime } from '../../../src/kube/jobs/schedule.ts';

const MINUTE = 60_000;
/** 1970-01-02 00:00 UTC. */
const DAY = 1440 * MINUTE;

const SPEC: CronSpec = {
  ...{ schedule: '*/10 * * * *', timeZone: 'UTC', concurrencyPolicy: 'Allow', suspend: false },
  ...{ successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 },
};

interface Row {
  readonly title: string;
  readonly spec?: Partial<CronSpec>;
  /** All times are minutes after DAY. */
  readonly created?: number;
  readonly last?: number;
  /** `1440 active`, `1430 Complete`. */
  readonly runs?: readonly string[];
  readonly now: number;
  readonly creates?: string;
  readonly removes?: readonly string[];
  /** Absent: the minute that is a multiple of ten and comes next. */
  readonly next?: number;
  readonly forbidden?: true;
  /** The last scheduled time afterwards. */
  readonly lastAfter?: number;
}

const ROWS: readonly Row[] = [
  { title: 'not yet', now: 5 },
  { title: 'at its time', now: 10, creates: 'cron-1450', lastAfter: 10 },
  { title: 'a little later', now: 10.5, creates: 'cron-1450', lastAfter: 10 },
  { title: 'once', last: 10, runs: ['1450 active'], now: 11, lastAfter: 10 },
  { title: 'created exactly at a time: the next one', created: 10, now: 10 },
  { title: 'the Job exists: it is only recorded', runs: ['1450 active'], now: 11, lastAfter: 10 },
  { title: 'of missed times, the last one', now: 35, creates: 'cron-1470', lastAfter: 30 },
  { title: 'of ten thousands, too', now: 600_005, creates: 'cron-601440', lastAfter: 600_000 },
  { title: 'missed since the last run', last: 20, now: 45, creates: 'cron-1480', lastAfter: 40 },
  { title: 'suspended', spec: { suspend: true }, now: 35, next: Infinity },
  {
    title: 'Allow: beside the one that runs',
    last: 10,
    runs: ['1450 active'],
    now: 20,
    creates: 'cron-1460',
    lastAfter: 20,
  },
  {
    title: 'Forbid: not while one runs',
    spec: { concurrencyPolicy: 'Forbid' },
    last: 10,
    runs: ['1450 active'],
    now: 20,
    forbidden: true,
    lastAfter: 10,
  },
  {
    title: 'Forbid: made up for when it has ended',
    spec: { concurrencyPolicy: 'Forbid' },
    last: 10,
    runs: ['1450 Complete'],
    now: 23,
    creates: 'cron-1460',
    lastAfter: 20,
  },
  {
    title: 'Forbid: not after the deadline',
    spec: { concurrencyPolicy: 'Forbid', startingDeadlineSeconds: 60 },
    last: 10,
    runs: ['1450 Complete'],
    now: 23,
    lastAfter: 10,
  },
  {
    title: 'Replace: removes the one that runs',
    spec: { concurrencyPolicy: 'Replace' },
    last: 10,
    runs: ['1450 active'],
    now: 20,
    creates: 'cron-1460',
    removes: ['1450'],
    lastAfter: 20,
  },
  {
    title: 'Replace: keeps what was created by hand',
    spec: { concurrencyPolicy: 'Replace' },
    last: 10,
    runs: ['run-1 active'],
    now: 20,
    creates: 'cron-1460',
    lastAfter: 20,
  },
  {
    title: 'Forbid: beside one that was created by hand',
    spec: { concurrencyPolicy: 'Forbid' },
    last: 10,
    runs: ['run-1 active'],
    now: 20,
    creates: 'cron-1460',
    lastAfter: 20,
  },
  {
    title: 'Replace: keeps what has ended',
    spec: { concurrencyPolicy: 'Replace' },
    last: 10,
    runs: ['1450 Complete'],
    now: 20,
    creates: 'cron-1460',
    lastAfter: 20,
  },
  {
    title: 'within the deadline',
    spec: { startingDeadlineSeconds: 120 },
    now: 11,
    creates: 'cron-1450',
    lastAfter: 10,
  },
  { title: 'after the deadline', spec: { startingDeadlineSeconds: 120 }, now: 13 },
  {
    title: 'the history of successes',
    spec: { suspend: true },
    runs: ['1410 Complete', '1420 Complete', '1430 Complete', '1440 Complete'],
    now: 1,
    removes: ['1410'],
    next: Infinity,
  },
  {
    title: 'the history of failures',
    spec: { suspend: true },
    runs: ['1420 Failed', '1430 Failed', '1440 Complete'],
    now: 1,
    removes: ['1420'],
    next: Infinity,
  },
  {
    title: 'a history of none',
    spec: { suspend: true, successfulJobsHistoryLimit: 0 },
    runs: ['1440 Complete', '1441 active'],
    now: 1,
    removes: ['1440'],
    next: Infinity,
  },
  {
    title: 'what runs is no history',
    spec: { suspend: true, successfulJobsHistoryLimit: 0, failedJobsHistoryLimit: 0 },
    runs: ['1440 active'],
    now: 1,
    next: Infinity,
  },
];

function runOf(text: string): CronRun {
  const [minute = '', state] = text.split(' ');
  const at = (Number(minute) || 0) * MINUTE;
  const name = `cron-${minute}`;
  return state === 'Complete' || state === 'Failed'
    ? { name, createdAt: at, end: { type: state, at: at + MINUTE } }
    : { name, createdAt: at };
}

for (const row of ROWS)
  void test(row.title, () => {
    const spec = { ...SPEC, ...row.spec };
    const now = DAY + row.now * MINUTE;
    const step = advanceCron({
      ...{ name: 'cron', spec, now, runs: (row.runs ?? []).map(runOf), next: nextTime(spec.schedule, 'UTC') },
      status: {
        createdAt: DAY + (row.created ?? 0) * MINUTE,
        ...(row.last === undefined ? {} : { lastScheduledAt: DAY + row.last * MINUTE }),
      },
    });
    const last = step.status.lastScheduledAt;
    assert.deepEqual(
      {
        creates: step.create,
        removes: step.removes,
        next: (step.nextAt - DAY) / MINUTE,
        forbidden: step.isForbidden,
        last: last === undefined ? undefined : (last - DAY) / MINUTE,
      },
      {
        creates: row.creates,
        removes: (row.removes ?? []).map((minute) => `cron-${minute}`),
        next: row.next ?? Math.floor(row.now / 10) * 10 + 10,
        forbidden: row.forbidden,
        last: row.lastAfter,
      },
    );
  });

void test('without a record of its creation, a CronJob begins now', () => {
  const next = nextTime('* * * * *', 'UTC');
  const step = advanceCron({ name: 'cron', spec: SPEC, status: {}, runs: [], now: DAY + 1, next });
  assert.deepEqual(step.status, { createdAt: DAY + 1 });
  assert.equal(step.create, undefined);
});

void test('the last success is recorded, also when its Job is gone', () => {
  const next = nextTime('* * * * *', 'UTC');
  const given = { name: 'cron', spec: { ...SPEC, suspend: true }, now: DAY, next };
  const step = advanceCron({ ...given, status: { createdAt: 0 }, runs: [runOf('1430 Complete')] });
  assert.equal(step.status.lastSuccessfulAt, 1431 * MINUTE);
  assert.equal(
    advanceCron({ ...given, status: step.status, runs: [] }).status.lastSuccessfulAt,
    1431 * MINUTE,
  );
});
