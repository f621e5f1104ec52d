import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from './support/eventually.ts';
import { BUSYBOX } from './support/images.ts';
import { podman } from './support/podman.ts';
import { assertNothingLeft, scenario } from './support/scenario.ts';

function cronJob(name: string, schedule: string): string {
  return `apiVersion: v1
kind: Secret
metadata: { name: ${name}-words }
stringData: { greeting: hello }
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: ${name} }
spec:
  schedule: "${schedule}"
  timeZone: Etc/UTC
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: print
              image: ${BUSYBOX}
              command: [sh, -c, 'echo $GREETING from $(hostname)']
              env:
                - { name: GREETING, valueFrom: { secretKeyRef: { name: ${name}-words, key: greeting } } }
`;
}

/** The first column of a table. */
function namesIn(table: string): readonly string[] {
  return table.split('\n').map((line) => line.split(' ')[0] ?? '');
}

const POLL_MILLISECONDS = 500;
const LATEST_MILLISECONDS = 45_000;

scenario('A CronJob runs by request, at its schedule, and not while it is stopped', async (story) => {
  const { id, step, file, ok } = story;
  const owner = `cronjob/${id}`;
  await file('pod.yaml', cronJob(id, '0 0 1 1 *'));
  const jobs = async () => (await ok('get', 'jobs')).stdout;
  await step('up records it, and runs nothing', async () => {
    await ok('up', '-d');
    assert.match((await ok('get', 'cj')).stdout, new RegExp(`^${id} +0 0 1 1 \\* +Etc/UTC +False +0 `, 'm'));
    assert.match((await ok('describe', owner)).stdout, /^Last Schedule Time: +<none>$/m);
    assert.equal(await jobs(), '');
  });
  await step('run creates a Job, whose pod has the secret value', async () => {
    assert.equal((await ok('run', owner, '--wait', '--timeout', '90s')).stdout, `job/${id}-run-1\n`);
    assert.match(await jobs(), new RegExp(`^${id}-run-1 +Complete +1/1 `, 'm'));
    assert.match((await ok('logs', '--no-prefix', owner)).stdout, /^hello from /m);
  });
  await step('applied again, nothing changes', async () => {
    assert.match((await ok('up', '-d')).stderr, /^Nothing to do: 1 CronJob is up to date\.$/m);
  });
  await step('stopped, it creates no Job at its schedule', async () => {
    await file('pod.yaml', cronJob(id, '@every 1s'));
    await ok('stop');
    assert.match((await ok('get', 'cj')).stdout, / Stopped +0 /);
  });
  await step('started by up, it runs at its schedule', async () => {
    await ok('up', '-d');
    const isRun = new RegExp(`^${id}-\\d{8} +Complete +1/1 `, 'm');
    for (const end = Date.now() + LATEST_MILLISECONDS; !isRun.test(await jobs());) {
      assert.ok(Date.now() < end, await jobs());
      await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
    }
    assert.match((await ok('describe', owner)).stdout, /^Last Schedule Time: +\w{3},/m);
  });
  await step('its objects are shown with their status', async () => {
    const show = async (what: string, path: string) =>
      (await ok('get', what, '-o', `jsonpath={${path}}`)).stdout;
    assert.equal(await show(`cj/${id}`, '.spec.schedule'), '@every 1s');
    assert.match(await show(`cj/${id}`, '.status.lastScheduleTime'), /^20\d\d-/);
    assert.equal(await show(`job/${id}-run-1`, '.status.conditions[0].type'), 'Complete');
    assert.equal(await show(`job/${id}-run-1`, '.status.succeeded'), '1');
    assert.equal(await show(`job/${id}-run-1`, '.metadata.ownerReferences[0].name'), id);
    assert.doesNotMatch((await ok('get', 'jobs,cj', '-o', 'yaml')).stdout, /: hello$/m);
  });
  await step('stopped by its name, it creates no Job, and start goes on', async () => {
    await ok('stop', owner);
    // A Job without a pod so far goes on to its end, and one with a pod is stopped, too: both are active for a while.
    await eventually('no Job runs', async () => {
      assert.match((await ok('get', 'cj')).stdout, / Stopped +\d /);
      const before = await jobs();
      await sleep(2 * POLL_MILLISECONDS);
      assert.doesNotMatch(before, / Running /);
      assert.deepEqual(namesIn(await jobs()), namesIn(before));
      return true;
    });
    // The first time, it may stop the pod of the Job that has ended.
    await eventually('nothing is left to stop', async () => {
      assert.match((await ok('stop', owner)).stderr, new RegExp(`${owner}.* stopped`));
      return true;
    });
    await ok('start', `cj/${id}`);
    assert.match((await ok('get', 'cj')).stdout, / False +\d /);
    await ok('stop', owner);
  });
  await step('down leaves neither Jobs nor secrets', async () => {
    await ok('down');
    assert.doesNotMatch(await podman('ps', '--all', '--format', '{{.Names}}'), new RegExp(id));
  });
  await assertNothingLeft(story);
});

scenario('While an init container of a Job runs, other commands do not wait for it', async (story) => {
  const { id, step, file, ok } = story;
  const cronJob = `apiVersion: batch/v1
kind: CronJob
metadata: { name: ${id} }
spec:
  schedule: '0 0 1 1 *'
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          terminationGracePeriodSeconds: 1
          initContainers:
            - { name: wait, image: ${BUSYBOX}, command: [sh, -c, "until wget -qO- http://${id}-db:8080; do sleep 0.5; done"] }
          containers:
            - { name: work, image: ${BUSYBOX}, command: [echo, worked] }
---
apiVersion: v1
kind: Pod
metadata: { name: ${id}-other }
spec: { terminationGracePeriodSeconds: 1, containers: [{ name: app, image: ${BUSYBOX}, command: [sleep, '3600'] }] }
`;
  const database = `---
apiVersion: v1
kind: Pod
metadata: { name: ${id}-db }
spec:
  terminationGracePeriodSeconds: 1
  containers:
    - { name: app, image: ${BUSYBOX}, command: [sh, -c, "mkdir -p /w; echo ready > /w/index.html; exec httpd -f -p 8080 -h /w"] }
`;
  const isWaiting = () =>
    eventually('the init container runs', async () => {
      const { stdout } = await ok('get', 'pods', '--no-headers');
      return /Init:0\/1/.test(stdout) ? true : undefined;
    });
  await file('pod.yaml', cronJob);
  await ok('up', '-d');
  await ok('run', `cronjob/${id}`);
  await isWaiting();
  await step('up creates the pod that it waits for, and the Job completes', async () => {
    await file('pod.yaml', cronJob + database);
    await ok('up', '-d');
    await eventually('the Job completes', async () => {
      const { stdout } = await ok('get', 'jobs', '--no-headers');
      return /1\/1/.test(stdout) ? true : undefined;
    });
  });
  await step('a pod that was stopped meanwhile stays stopped', async () => {
    await file('pod.yaml', cronJob);
    await ok('up', '-d', '--remove-orphans', '--yes');
    await ok('run', `cronjob/${id}`);
    await isWaiting();
    await ok('stop');
    await sleep(2000);
    const running = await podman('ps', '--format', '{{.Names}}', '--filter', `label=podpose.project=${id}`);
    assert.equal(running, '');
  });
  await step('down does not wait for it', async () => {
    await ok('start');
    const { milliseconds, story: told } = await ok('down', '-v');
    assert.ok(milliseconds < 20_000, `down took ${milliseconds} ms: ${told}`);
  });
  await assertNothingLeft(story);
});
