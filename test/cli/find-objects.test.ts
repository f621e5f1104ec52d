import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findObjects } from '../../src/cli/commands/find-objects.ts';
import type { JobRecord } from '../../src/podman/job-record.ts';
import { encodeJobRecord, recordName } from '../../src/podman/job-record.ts';
import { testEngine } from '../support/platform.ts';
import { scriptedRunner } from '../support/scripted-runner.ts';

const TEMPLATE = { name: 'x' } as unknown as Extract<JobRecord, { kind: 'job' }>['job']['template'];

const RECORD: JobRecord = {
  kind: 'job',
  job: {
    ...{ name: 'load', hash: '1a2b3', template: TEMPLATE },
    spec: {
      ...{ completions: 1, parallelism: 1, isIndexed: false, suspend: false, restartPolicy: 'Never' },
      ...{ backoffLimit: 6, failureRules: [] },
    },
  },
  status: { ended: {} },
};

const LISTED = JSON.stringify([
  {
    ...{ Id: 'record', Names: [recordName(RECORD)], State: 'created', Created: 100 },
    Labels: encodeJobRecord('demo', RECORD),
  },
]);

/** Looks for a Job whose record is in the list of podman from the given look on. */
async function looking(from: number, name: string) {
  let lists = 0;
  const slept: number[] = [];
  const clock = {
    now: () => 0,
    sleep: (milliseconds: number) => {
      slept.push(milliseconds);
      return Promise.resolve();
    },
  };
  const { engine } = testEngine(
    { clock },
    scriptedRunner((command) => {
      const [verb = ''] = command.args;
      if (verb === '--version') command.print('podman version 5.4.2');
      else if (verb === 'ps') command.print(++lists >= from ? LISTED : '[]');
      else command.print('[]');
      command.exit(0);
    }),
  );
  const found = await findObjects(
    { engine, values: { project: 'demo' } },
    [{ kind: 'Job', names: [name] }],
    false,
  );
  return {
    lists,
    slept,
    jobs: found.ok ? found.value.objects.workloads.map(({ owner }) => owner) : undefined,
  };
}

test('a Job whose record is being replaced is looked for again', async () => {
  assert.deepEqual(await looking(2, 'load'), { lists: 2, slept: [500], jobs: ['job/load'] });
});

test('a Job that is there is looked for once, and one that does not exist twice', async () => {
  assert.deepEqual(await looking(1, 'load'), { lists: 1, slept: [], jobs: ['job/load'] });
  assert.deepEqual(await looking(1, 'none'), { lists: 2, slept: [500], jobs: undefined });
});
