import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JobSpec } from '../../src/kube/jobs/job-spec.ts';
import type { JobStatus } from '../../src/kube/jobs/job-status.ts';
import { planJobPause, type PauseInput } from '../../src/plan/plan-job-pause.ts';
import { encodeJobRecord, jobRecords, recordName, type JobRecord } from '../../src/podman/job-record.ts';
import type { ObservedContainer } from '../../src/podman/inspect/observed.ts';

const SPEC: JobSpec = {
  ...{ completions: 1, parallelism: 1, isIndexed: false, suspend: false, restartPolicy: 'Never' },
  ...{ backoffLimit: 6, failureRules: [] },
};
const TEMPLATE = { name: 'x' } as unknown as Extract<JobRecord, { kind: 'job' }>['job']['template'];

function job(name: string, status: Partial<JobStatus> = {}): JobRecord {
  return {
    kind: 'job',
    job: { name, hash: '1a2b3', spec: SPEC, template: TEMPLATE },
    status: { ended: {}, ...status },
  };
}

function cronJob(name: string): JobRecord {
  return {
    kind: 'cron-job',
    cronJob: {
      name,
      spec: {
        ...{ schedule: '0 3 * * *', concurrencyPolicy: 'Allow', suspend: false },
        ...{ successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 },
      },
      job: { hash: '1a2b3', spec: SPEC, template: TEMPLATE },
    },
    status: {},
  };
}

function container(record: JobRecord): ObservedContainer {
  return {
    ...{ id: recordName(record), name: recordName(record), labels: encodeJobRecord('demo', record) },
    ...{ state: 'created', exitCode: 0, startedAt: 0, createdAt: 100, exitedAt: 0, image: '', imageId: '' },
  };
}

const END = { type: 'Complete', reason: 'CompletionsReached', message: '', at: 1 } as const;
const RECORDS = [job('load'), job('staging_load'), job('done', { end: END }), cronJob('report')];

function input(records: readonly JobRecord[], scope: Partial<PauseInput> = {}): PauseInput {
  const pods = ['load', 'staging_load'].map((name) => ({
    ...{ id: name, name: `${name}-1a2b3-0`, labels: { 'podpose.owner': `job/${name}` } },
    ...({ infra: 'running', infraStartedAt: 100 } as const),
  }));
  return { project: 'demo', observed: { pods, containers: records.map(container) }, ...scope };
}

const stopped = (scope?: Partial<PauseInput>) =>
  planJobPause(input(RECORDS, scope), 'stop').steps.map(({ id }) => id);

test('stop stops Jobs that have not ended, and CronJobs', () => {
  assert.deepEqual(stopped(), ['cronjob/report', 'job/load', 'job/staging_load'].sort(byRecord));
});

test('stop of some pods stops the Jobs that have no other pods', () => {
  assert.deepEqual(stopped({ pods: ['load-1a2b3-0'] }), ['job/load']);
  assert.deepEqual(stopped({ pods: ['web'] }), []);
});

test('stop of a CronJob stops its schedule, and nothing else', () => {
  assert.deepEqual(stopped({ pods: [], cronJobs: ['cronjob/report'] }), ['cronjob/report']);
});

test('stop of a namespace stops its Jobs', () => {
  assert.deepEqual(stopped({ pods: [], namespace: 'staging' }), ['job/staging_load']);
});

test('start goes on with what was stopped, and changes nothing else', () => {
  assert.deepEqual(planJobPause(input(RECORDS), 'start').steps, []);
  const { steps } = planJobPause(input([job('load', { isStopped: true })]), 'start');
  const [step] = steps;
  assert.equal(steps.length, 1);
  assert.ok(step?.operation.kind === 'record-job');
  const [record] = jobRecords('demo', [container(step.operation.record)]);
  assert.deepEqual(record?.status, { ended: {} });
});

/** In the order of podman's names. */
function byRecord(a: string, b: string): number {
  const name = (owner: string) => owner.slice(owner.indexOf('/') + 1);
  return name(a) < name(b) ? -1 : 1;
}
