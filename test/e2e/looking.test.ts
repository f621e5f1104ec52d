import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from './support/eventually.ts';
import { BUSYBOX, TEST_IMAGE } from './support/images.ts';
import { at, listAt, parse, textAt } from './support/json.ts';
import { freePort } from './support/network.ts';
import { containerState } from './support/podman.ts';
import { scenario } from './support/scenario.ts';

scenario('ps tells the phase of a pod as Kubernetes would', async (story) => {
  const { id, directory, step, pod, file, start, ok } = story;
  await mkdir(join(directory, 'shared'));
  await pod(`
  restartPolicy: Never
  initContainers:
    - name: init
      image: ${BUSYBOX}
      command: [sh, -c, 'while [ ! -e /shared/initialised ]; do sleep 0.1; done']
      volumeMounts: [{ name: shared, mountPath: /shared }]
  containers:
    - name: job
      image: ${BUSYBOX}
      command: [sh, -c, 'while [ ! -s /shared/finished ]; do sleep 0.1; done; exit "$(cat /shared/finished)"']
      volumeMounts: [{ name: shared, mountPath: /shared }]
  volumes:
    - { name: shared, hostPath: { path: shared } }`);
  const status = async () => at(parse((await ok('ps', '-o', 'json')).stdout), 'items', 0, 'status');
  const isPhase = (phase: string) =>
    eventually(phase, async () => {
      const found = await status();
      if (at(found, 'phase') === phase) return found;
      throw new Error(JSON.stringify(found));
    });

  const up = start(['up', '-d', '--wait']);
  await step('Pending while the init container works', async () => {
    const found = await eventually('the init container runs', async () => {
      const now = await status();
      return at(now, 'initContainerStatuses', 0, 'state', 'running') === undefined ? undefined : now;
    });
    assert.equal(at(found, 'phase'), 'Pending');
    assert.match((await ok('ps')).stdout, new RegExp(`^${id} +0/1 +Init:0/1 `, 'm'));
  });
  await step('Running while the job works, although podman calls the pod degraded', async () => {
    await file('shared/initialised', '');
    const found = await isPhase('Running');
    assert.equal(at(found, 'initContainerStatuses', 0, 'state', 'terminated', 'exitCode'), 0);
    assert.match((await ok('ps')).stdout, new RegExp(`^${id} +1/1 +Running `, 'm'));
    const ended = await up.end;
    assert.equal(ended.code, 0, ended.story);
  });
  await step('Succeeded when the job has', async () => {
    await file('shared/finished', '0');
    await isPhase('Succeeded');
    assert.match((await ok('ps')).stdout, new RegExp(`^${id} +0/1 +Completed `, 'm'));
  });
  await step('Failed when the job has', async () => {
    await file('shared/finished', '3');
    await story.podpose(['up', '-d', '--wait', '--force-recreate']);
    const found = await isPhase('Failed');
    assert.equal(at(found, 'containerStatuses', 0, 'state', 'terminated', 'exitCode'), 3);
  });
});

scenario('ps in its other forms', async (story) => {
  const { id, step, pod, podpose, ok } = story;
  const port = await freePort();
  await pod(`
  containers:
    - { name: web, image: ${TEST_IMAGE}, ports: [{ containerPort: 8080, hostPort: ${port} }] }
    - { name: other, image: ${BUSYBOX}, command: [sh, -c, "trap 'exit 0' TERM; sleep 3600 & wait"] }`);
  await ok('up', '-d');
  await step('-o json is a PodList', async () => {
    const list = parse((await ok('ps', '-o', 'json')).stdout);
    assert.equal(at(list, 'kind'), 'PodList');
    assert.equal(textAt(list, 'items', 0, 'metadata', 'name'), id);
    assert.deepEqual(
      listAt(list, 'items', 0, 'status', 'containerStatuses').map((one) => [
        at(one, 'name'),
        at(one, 'ready'),
      ]),
      [
        ['web', true],
        ['other', true],
      ],
    );
  });
  await step('-o yaml has the same', async () => {
    assert.match((await ok('ps', '-o', 'yaml')).stdout, new RegExp(`^ +name: ${id}$`, 'm'));
  });
  await step('-o name', async () => {
    assert.equal((await ok('get', '-o', 'name')).stdout, `pod/${id}\n`);
  });
  await step('-o wide shows the port', async () => {
    assert.match((await ok('ps', '-o', 'wide')).stdout, new RegExp(`127\\.0\\.0\\.1:${port}->8080/tcp`));
  });
  await step('-q gives the ids that podman has', async () => {
    const ids = await Promise.all([`${id}-web`, `${id}-other`].map(containerState));
    assert.deepEqual(
      (await ok('ps', '-q')).stdout.trim().split('\n').sort(),
      ids.map((state) => state.id).sort(),
    );
  });
  await step('by the name of the pod, from anywhere', async () => {
    const ended = await podpose(['ps', id, '-o', 'name'], { cwd: '/' });
    assert.equal(ended.stdout, `pod/${id}\n`, ended.story);
  });
  await step('--all has it among the pods of all projects', async () => {
    const ended = await podpose(['ps', '--all', '-o', 'name'], { cwd: '/' });
    assert.match(ended.stdout, new RegExp(`^pod/${id}$`, 'm'));
  });
  await step('of another project there is nothing', async () => {
    assert.equal((await ok('-p', `${id}-other`, 'ps', '-o', 'name')).stdout, '');
  });
});

scenario('logs has what every container has printed, init containers too', async (story) => {
  const { id, step, pod, podpose, ok } = story;
  await pod(`
  restartPolicy: Never
  initContainers:
    - { name: prepare, image: ${BUSYBOX}, command: [sh, -c, 'echo preparing; echo careful >&2'] }
  containers:
    - { name: count, image: ${BUSYBOX}, command: [seq, "1", "50"] }
    - { name: talk, image: ${BUSYBOX}, command: [printf, 'no end of line'] }`);
  await ok('up', '-d');
  await ok('wait', '--for', 'phase=Succeeded');
  const lines = async (...args: readonly string[]) => {
    const { stdout } = await ok('logs', ...args);
    return stdout.split('\n').slice(0, -1);
  };
  await step('each line begins with the pod and the container, init containers first', async () => {
    const all = await lines();
    assert.equal(all.length, 53);
    for (const line of all) assert.match(line, new RegExp(`^${id} (prepare|count|talk) +\\| `));
    assert.match(all[0] ?? '', /prepare +\| (preparing|careful)$/);
    assert.ok(all.some((line) => line.endsWith('| no end of line')));
  });
  await step('-c picks one, --no-prefix leaves the lines as they are', async () => {
    const counted = Array.from({ length: 50 }, (_, index) => (index + 1).toString());
    assert.deepEqual(await lines('-c', 'count', '--no-prefix'), counted);
  });
  await step('--tail gives the last lines', async () => {
    assert.deepEqual(await lines('-c', 'count', '--no-prefix', '--tail', '2'), ['49', '50']);
  });
  await step('-t tells when', async () => {
    assert.match(
      (await lines('-c', 'talk', '--no-prefix', '-t'))[0] ?? '',
      /^\d{4}-\d\d-\d\dT\S+ no end of line$/,
    );
  });
  await step('--since leaves out what is older', async () => {
    assert.deepEqual(await lines('--since', '2100-01-01T00:00:00Z'), []);
    assert.equal((await lines('--since', '10m')).length, 53);
  });
  await step('by the name of the pod, from anywhere', async () => {
    const ended = await podpose(['logs', id, '-c', 'talk'], { cwd: '/' });
    assert.match(ended.stdout, /no end of line/, ended.story);
  });
  await step('a container that is not there is named, with what was meant', async () => {
    const ended = await podpose(['logs', '-c', 'cuont']);
    assert.equal(ended.code, 2, ended.story);
    assert.match(ended.stderr, /cuont.*count/s);
  });
});

scenario('logs --follow goes on until Ctrl-C', async (story) => {
  const { step, pod, start, ok } = story;
  await pod(`
  containers:
    - name: clock
      image: ${BUSYBOX}
      command: [sh, -c, "trap 'exit 0' TERM; while true; do date +%s; sleep 0.5 & wait $!; done"]`);
  await ok('up', '-d');
  const logs = start(['logs', '-f', '--no-prefix']);
  await step('new lines come as they are printed', async () => {
    const begin = Date.now() / 1000;
    await eventually('a line that is new', () => {
      const last = Number(logs.output().trim().split('\n').at(-1));
      return last > begin + 1 ? true : undefined;
    });
  });
  await step('SIGINT ends it and leaves the pod alone', async () => {
    logs.kill('SIGINT');
    const ended = await logs.end;
    assert.equal(ended.code, 130, ended.story);
    assert.match((await ok('ps')).stdout, /1\/1 +Running/);
  });
});

scenario('ps tells restarts, bad ends, failed starts and the order of the manifest', async (story) => {
  const { id, step, pod, podpose, ok } = story;
  const rows = async (...args: readonly string[]) =>
    (await podpose(['ps', id, ...args], { cwd: '/' })).stdout
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((row) => row.trim().split(/ {2,}/));
  const stub = (name: string, script: string) =>
    `- { name: ${name}, image: ${BUSYBOX}, command: [sh, -c, "${script}"] }`;
  const sleeper = "trap 'exit 0' TERM; sleep 3600 & wait";

  await step('a container that was started again is counted, on every podman', async () => {
    await pod(`
  terminationGracePeriodSeconds: 1
  containers:
    ${stub('zeta', sleeper)}
    ${stub('alpha', 'sleep 1; exit 1')}`);
    await ok('up', '-d');
    await eventually('it has been started again', async () => {
      const restarts = (await rows()).map((row) => Number.parseInt(row[3] ?? '', 10));
      return restarts[0] === restarts[2] && (restarts[2] ?? 0) > 0 && restarts[1] === 0 ? true : undefined;
    });
  });
  await step('a replaced container keeps its place, and the pod its age', async () => {
    const createdAt = async () =>
      textAt(parse((await ok('ps', '-o', 'json')).stdout), 'items', 0, 'metadata', 'creationTimestamp');
    const before = await createdAt();
    await pod(`
  terminationGracePeriodSeconds: 1
  containers:
    ${stub('zeta', `: changed; ${sleeper}`)}
    ${stub('alpha', sleeper)}`);
    await ok('up', '-d');
    assert.deepEqual(
      (await rows()).map(([name]) => name),
      [id, 'container/zeta', 'container/alpha'],
    );
    assert.equal(await createdAt(), before);
  });
  await step('a bad end behind a good one, and a start that fails', async () => {
    await pod(`
  restartPolicy: Never
  terminationGracePeriodSeconds: 1
  containers:
    ${stub('good', 'exit 0')}
    ${stub('bad', 'exit 3')}`);
    await podpose(['up', '-d', '--force-recreate']);
    await eventually('both have ended', async () => {
      const [first] = await rows();
      return first?.[2] === 'Error' ? true : undefined;
    });
    await pod(`
  containers:
    - { name: web, image: ${BUSYBOX}, command: [/no/such/program] }`);
    await podpose(['up', '-d', '--force-recreate']);
    // The watcher tries again at once, and then waits.
    await eventually('it waits for the next try', async () => {
      const words = (await rows()).map((row) => row[2]);
      return words.join() === 'CrashLoopBackOff,CrashLoopBackOff' ? true : undefined;
    });
  });
  await step('init containers that are still to come are counted', async () => {
    await pod(`
  restartPolicy: Never
  initContainers:
    ${stub('one', 'exit 0')}
    ${stub('two', 'exit 3')}
    ${stub('three', 'exit 0')}
  containers:
    ${stub('app', 'exit 0')}`);
    await podpose(['up', '-d', '--force-recreate']);
    assert.deepEqual(
      (await rows()).map((row) => row.slice(0, 3).join(' ')),
      [
        `${id} 0/1 Init:Error`,
        'init/one - Completed',
        'init/two - ExitCode:3',
        'init/three - PodInitializing',
        'container/app 0/1 PodInitializing',
      ],
    );
  });
});
