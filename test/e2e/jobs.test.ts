import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from './support/eventually.ts';
import { BUSYBOX } from './support/images.ts';
import { podman } from './support/podman.ts';
import { assertNothingLeft, scenario } from './support/scenario.ts';

function job(name: string, greeting: string): string {
  const container = (role: string, command: string): string =>
    `        - { name: ${role}, image: ${BUSYBOX}, command: [sh, -c, "${command}"], volumeMounts: [{ name: work, mountPath: /work }] }`;
  return `apiVersion: batch/v1
kind: Job
metadata: { name: ${name} }
spec:
  completionMode: Indexed
  completions: 2
  parallelism: 2
  template:
    spec:
      restartPolicy: Never
      initContainers:
${container('fetch', `echo ${greeting} >/work/text`)}
      containers:
${container('print', 'echo $(cat /work/text) of $JOB_COMPLETION_INDEX on $(hostname)')}
      volumes: [{ name: work, emptyDir: {} }]
`;
}

async function containersOf(id: string): Promise<readonly string[]> {
  const format = ['--format', '{{.ID}}', '--filter', `name=^${id}-.*-print$`];
  return (await podman('ps', '--all', '--no-trunc', ...format)).trim().split('\n').sort();
}

scenario('A Job runs to its end, and again when its template has changed', async (story) => {
  const { id, step, file, ok } = story;
  const owner = `job/${id}`;
  await file('pod.yaml', job(id, 'hello'));
  await step('every pod completes, after its init container', async () => {
    const { stderr } = await ok('up', '-d', '--wait', '--timeout', '120s');
    assert.match(stderr, new RegExp(`^${owner} pod/${id}-[0-9a-f]{5}-0 container/print +`, 'm'));
    await ok('wait', '--for', 'phase=Succeeded', owner, '--timeout', '60s');
    const { stdout } = await ok('logs', '--no-prefix', owner);
    for (const index of [0, 1])
      assert.match(stdout, new RegExp(`^hello of ${index} on ${id}-${index}$`, 'm'));
  });
  const first = await containersOf(id);
  await step('describe shows the Job', async () => {
    assert.equal(first.length, 2);
    assert.match((await ok('describe', owner)).stdout, new RegExp(`^Name: +${id}$`, 'm'));
  });
  await step('applied again, nothing runs', async () => {
    assert.match((await ok('up', '-d')).stderr, /^Nothing to do/);
    assert.deepEqual(await containersOf(id), first);
  });
  await step('a changed template runs, in other pods', async () => {
    await file('pod.yaml', job(id, 'bye'));
    assert.match((await ok('plan')).stdout, /template changed/);
    await ok('up', '-d', '--wait', '--timeout', '120s');
    await ok('wait', '--for', 'phase=Succeeded', owner, '--timeout', '60s');
    const second = await containersOf(id);
    assert.equal(second.length, 2);
    assert.ok(second.every((container) => !first.includes(container)));
    assert.match((await ok('logs', '--no-prefix', owner)).stdout, /^bye of 1/m);
  });
  await step('attached, up ends with its pods', async () => {
    await file('pod.yaml', job(id, 'again'));
    assert.match((await ok('up')).stdout, /\| again of 0 on/);
  });
  await ok('down');
  await assertNothingLeft(story);
});

function failing(name: string, exitCode: number): string {
  return `apiVersion: batch/v1
kind: Job
metadata: { name: ${name} }
spec:
  completions: 2
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      containers:
        - { name: work, image: ${BUSYBOX}, command: [sh, -c, "echo done; exit ${exitCode}"] }
`;
}

scenario('A Job creates one pod after another, and fails with the first beyond its limit', async (story) => {
  const { id, step, file, ok, podpose } = story;
  const owner = `job/${id}`;
  const up = ['up', '-d', '--wait', '--timeout', '90s'];
  await file('pod.yaml', failing(id, 0));
  await step('the watcher creates the second pod after the first', async () => {
    await ok(...up);
    assert.match((await ok('get', 'jobs')).stdout, new RegExp(`^${id} +Complete +2/2 `, 'm'));
    assert.match((await ok('describe', owner)).stdout, /^Pods Statuses: .* 2 Succeeded \/ 0 Failed$/m);
  });
  await step('a pod that fails ends the Job, and up with 1', async () => {
    await file('pod.yaml', failing(id, 3));
    const { code, stderr } = await podpose(up);
    assert.equal(code, 1, stderr);
    assert.match(stderr, /backoffLimit \(0\) exceeded \(BackoffLimitExceeded\)/);
    assert.match((await ok('get', 'jobs')).stdout, new RegExp(`^${id} +Failed +0/2 `, 'm'));
  });
  await step('applied again, it is reported and not run', async () => {
    const { code, stderr } = await podpose(['up', '-d']);
    assert.equal(code, 1, stderr);
    assert.match(stderr, new RegExp(`^${owner} is up to date, but failed: `, 'm'));
  });
  await ok('down');
  await assertNothingLeft(story);
});

scenario('At its deadline, a Job removes its pod within the grace period', async (story) => {
  const { id, directory, step, file, ok } = story;
  await mkdir(join(directory, 'log'));
  await file(
    'pod.yaml',
    `apiVersion: batch/v1
kind: Job
metadata: { name: ${id} }
spec:
  activeDeadlineSeconds: 10
  template:
    spec:
      restartPolicy: Never
      terminationGracePeriodSeconds: 20
      containers:
        - name: stays
          image: ${BUSYBOX}
          command: [sh, -c, "trap 'echo asked >>/log/words; sleep 3; echo left >>/log/words; exit 0' TERM; while :; do sleep 0.1; done"]
          volumeMounts: [{ name: log, mountPath: /log }]
      volumes: [{ name: log, hostPath: { path: log } }]
`,
  );
  await ok('up', '-d');
  await step('it has failed, and nothing of it runs', () =>
    eventually(
      'the removal',
      async () => {
        assert.match((await ok('get', 'jobs')).stdout, new RegExp(`^${id} +Failed +0/1 `, 'm'));
        assert.equal(await podman('pod', 'ps', '--quiet', '--filter', `name=^${id}-`), '');
        return true;
      },
      80,
    ),
  );
  await step('its container was asked to end, and had the time', async () => {
    assert.equal(await readFile(join(directory, 'log', 'words'), 'utf8'), 'asked\nleft\n');
  });
  await ok('down');
  await assertNothingLeft(story);
});
