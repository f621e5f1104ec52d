import assert from 'node:assert/strict';
import { assertRefused, PODPOSE, scenario } from './support/scenario.ts';
import { Pod } from '../../src/manifest/schema/generated/validators.js';
import { BUSYBOX } from './support/images.ts';
import { parse, textAt } from './support/json.ts';
import { eventually } from './support/eventually.ts';
import { containerState, podman } from './support/podman.ts';

scenario('exec runs a command in a container', async (story) => {
  const { id, directory, step, file, ok, podpose, startProgram } = story;
  await file(
    'pod.yaml',
    `apiVersion: v1
kind: Pod
metadata: { name: ${id}, annotations: { kubectl.kubernetes.io/default-container: app } }
spec:
  restartPolicy: Never
  containers:
    - { name: job, image: ${BUSYBOX}, command: ['true'] }
    - { name: app, image: ${BUSYBOX}, command: [sh, -c, 'trap exit TERM; sleep 3600 & wait'] }`,
  );
  const runs = (command: string) =>
    eventually(command, async () => (await ok('exec', id, 'ps')).stdout.includes(command) || undefined);
  await ok('up', '-d');
  await step('output, error output and exit code are those of the command', async () => {
    const ended = await podpose(['exec', id, '--', 'sh', '-c', 'echo out; echo err >&2; exit 7']);
    assert.deepEqual([ended.stdout, ended.stderr, ended.code], ['out\n', 'err\n', 7], ended.story);
    assert.equal((await podpose(['exec', `${id}/app`, 'sh', '-c', 'exit 1'])).code, 1);
    assert.equal((await podpose(['exec', id, '-c', 'app', '--', '/no/such/program'])).code, 127);
    assert.equal((await podpose(['exec', `pod/${id}`, 'container/app', '/etc'])).code, 126);
  });
  await step('standard input is passed on with -i only', async () => {
    const input = 'x'.repeat(300_000);
    const counted = await podpose(['exec', '-i', id, 'wc', '-c'], { input });
    assert.equal(counted.stdout.trim(), '300000', counted.story);
    assert.equal((await podpose(['exec', id, 'wc', '-c'], { input })).stdout.trim(), '0');
  });
  await step('large output is complete', async () => {
    const ended = await ok('exec', id, '--', 'sh', '-c', 'yes 0123456789 | head -c 3000000');
    assert.equal(ended.stdout.length, 3_000_000);
  });
  await step('-t gives a terminal of the size of the own one, and Ctrl-C goes to the command', async () => {
    const shell = `stty cols 87 rows 33; '${process.execPath}' '${PODPOSE}' exec -it ${id} sh`;
    const terminal = startProgram('script', ['-qec', shell, '/dev/null'], { cwd: directory });
    const answered = (pattern: RegExp) =>
      eventually(pattern.source, () => Promise.resolve(pattern.exec(terminal.output()) ?? undefined));
    await answered(/# /);
    terminal.type('stty size\n');
    await answered(/33 87/);
    terminal.type('sleep 1234\n');
    await runs('sleep 1234');
    terminal.type('\u0003');
    terminal.type('echo code $?\n');
    await answered(/code 130/);
    terminal.type('exit 5\n');
    assert.equal((await terminal.end).code, 5);
  });
  await step('without a terminal -t is reported and has no effect', async () => {
    const ended = await podpose(['exec', '-it', id, 'echo', 'hello']);
    assert.deepEqual([ended.stdout, ended.code], ['hello\n', 0], ended.story);
    assert.match(ended.stderr, /^Unable to use a TTY/);
  });
  await step('a container that has ended is reported', async () => {
    assertRefused(
      await podpose(['exec', `${id}/job`, 'ls']),
      1,
      /job: it is not running \(Completed, exit code 0\)/,
    );
  });
  await step('SIGTERM ends it', async () => {
    const running = startProgram(process.execPath, [PODPOSE, 'exec', id, 'sleep', '1000'], {
      cwd: directory,
    });
    await runs('sleep 1000');
    running.kill('SIGTERM');
    assert.equal((await running.end).code, 130);
  });
});

scenario('stop, start and restart of a pod', async (story) => {
  const { id, step, file, ok, podpose } = story;
  await file(
    'pod.yaml',
    `apiVersion: v1
kind: Secret
metadata: { name: token }
stringData: { token: hush }
---
apiVersion: v1
kind: Pod
metadata: { name: ${id} }
spec:
  hostAliases: [{ ip: 10.9.8.7, hostnames: [db] }]
  volumes: [{ name: shared, emptyDir: {} }, { name: token, secret: { secretName: token } }]
  initContainers:
    - name: setup
      image: ${BUSYBOX}
      command: [sh, -c, 'echo ran >> /shared/runs; echo set up']
      volumeMounts: [{ name: shared, mountPath: /shared }]
  containers:
    - name: app
      image: ${BUSYBOX}
      workingDir: /made/by/podpose
      command: [sh, -c, 'trap "echo bye; exit 0" TERM; cat /token/token; sleep 3600 & wait']
      volumeMounts: [{ name: shared, mountPath: /shared }, { name: token, mountPath: /token }]
    - { name: stubborn, image: ${BUSYBOX}, command: [sh, -c, 'trap "" TERM; while sleep 1; do :; done'] }`,
  );
  await ok('up', '-d');
  const runs = async () =>
    (await ok('exec', `${id}/app`, 'cat', '/shared/runs')).stdout.trim().split('\n').length;
  const sinceStart = async () => (await ok('exec', `${id}/app`, 'stat', '-c', '%Y', '/proc/1')).stdout.trim();

  await step('stop ends all containers within one grace period, and keeps the pod', async () => {
    const stopped = await ok('stop', '-t', '2');
    assert.ok(stopped.milliseconds < 15_000, stopped.story);
    assert.match((await ok('ps')).stdout, new RegExp(`^${id} +0/2 `, 'm'));
    assert.match((await ok('logs', `${id}/app`)).stdout, /bye/);
    assertRefused(await podpose(['exec', `${id}/app`, 'ls']), 1, /not running/);
  });
  await step('start runs the init container again, with the volumes and host names as before', async () => {
    assert.match((await ok('start', id)).stderr, /set up/);
    assert.equal(await runs(), 2);
    assert.equal((await ok('exec', `${id}/app`, 'cat', '/token/token')).stdout, 'hush');
    assert.match((await ok('exec', `${id}/app`, 'cat', '/etc/hosts')).stdout, /10\.9\.8\.7\s+db/);
    assert.match((await ok('plan')).stdout, /No changes/);
  });
  await step('restart of a container keeps the others and runs no init container', async () => {
    const before = await sinceStart();
    await ok('restart', `${id}/stubborn`, '-t', '0');
    assert.equal(await sinceStart(), before);
    await ok('restart', `pod/${id}`, 'container/app');
    assert.equal(await runs(), 2);
    assert.match((await ok('ps')).stdout, new RegExp(`^${id} +2/2 +Running`, 'm'));
  });
  await step('restart of the pod runs the init container again', async () => {
    await ok('restart', '-t', '1');
    assert.equal(await runs(), 3);
  });
  await step('kill sends a signal', async () => {
    const farewells = async () => (await ok('logs', `${id}/app`)).stdout.split('bye').length;
    const before = await farewells();
    await ok('kill', '-s', 'TERM', `${id}/app`);
    await eventually('it has ended', async () => (await farewells()) > before || undefined);
  });
  await step('up starts a stopped pod again', async () => {
    await ok('stop', '-t', '0');
    await ok('up', '-d');
    assert.equal(await runs(), 4);
    assert.match((await ok('ps')).stdout, new RegExp(`^${id} +2/2 +Running`, 'm'));
  });
});

scenario(
  'What podpose has stopped runs again, also if it ends with 0; what has completed does not',
  async (story) => {
    const { id, step, pod, ok, start } = story;
    await pod(`
  restartPolicy: OnFailure
  containers:
    - { name: app, image: ${BUSYBOX}, command: [sh, -c, 'trap "exit 0" TERM; echo serves; while :; do sleep 0.1; done'] }
    - { name: job, image: ${BUSYBOX}, command: ['true'] }`);
    await ok('up', '-d');
    const startOf = (name: string) => podman('inspect', '--format', '{{.State.StartedAt}}', `${id}-${name}`);
    await eventually(
      'the job has completed',
      async () => (await containerState(`${id}-job`)).status === 'exited' || undefined,
    );
    const completed = await startOf('job');
    const assertRuns = async () => {
      const { status } = await containerState(`${id}-app`);
      assert.equal(status, 'running');
      assert.equal(await startOf('job'), completed, 'what has completed did not run again');
      assert.match((await ok('plan')).stdout, /No changes/);
    };
    const assertStopped = async () => {
      const { status, exitCode } = await containerState(`${id}-app`);
      assert.deepEqual([status, exitCode], ['exited', 0]);
    };

    await step('stop and start', async () => {
      await ok('stop');
      await assertStopped();
      await ok('start');
      await assertRuns();
    });
    await step('stop and up', async () => {
      await ok('stop');
      await assertStopped();
      await ok('up', '-d');
      await assertRuns();
    });
    await step('Ctrl-C of an attached up, and another one', async () => {
      await ok('stop');
      const up = start(['up']);
      await eventually('it serves', () => Promise.resolve(up.output().includes('serves') || undefined));
      up.kill('SIGINT');
      assert.equal((await up.end).code, 130);
      await assertStopped();
      await ok('up', '-d');
      await assertRuns();
    });
    await step('podman stop looks like a completion: restart runs it again', async () => {
      await podman('pod', 'stop', id);
      await ok('start');
      await assertStopped();
      await ok('restart');
      assert.equal((await containerState(`${id}-app`)).status, 'running');
    });
  },
);

scenario('get, describe, wait and events show one pod in the words of Kubernetes', async (story) => {
  const { id, step, pod, ok, podpose, start } = story;
  await pod(`
  restartPolicy: Never
  initContainers: [{ name: setup, image: ${BUSYBOX}, command: [sleep, '1'] }]
  containers:
    - { name: app, image: ${BUSYBOX}, command: [sh, -c, 'trap exit TERM; sleep 3600 & wait'] }
    - { name: job, image: ${BUSYBOX}, command: [sh, -c, 'sleep 2; exit 3'] }`);
  const up = start(['up', '-d']);
  await step('wait returns when the pod runs, and when a container has failed', async () => {
    await eventually('the pod exists', async () => (await ok('get', '-o', 'name')).stdout || undefined);
    const running = await ok('wait', '--for=phase=Running', `pod/${id}`);
    assert.equal(running.stdout, `pod/${id} condition met\n`);
    const exitCode = '{.status.containerStatuses[?(@.name=="job")].state.terminated.exitCode}';
    await ok('wait', `--for=jsonpath=${exitCode}=3`, id);
    assert.equal((await podpose(['wait', '--for=condition=Ready', '--timeout=1s', id])).code, 1);
    await up.end;
  });
  await step('get -o yaml is a valid Pod, which is up to date', async () => {
    await story.file('shown.yaml', (await ok('get', 'pod', id, '-o', 'yaml')).stdout);
    const changes = async (...file: readonly string[]) =>
      (await ok('plan', ...file)).stdout.split('\n').slice(1);
    assert.deepEqual(await changes('shown.yaml'), await changes());
    const item = parse((await ok('get', 'pod', id, '-o', 'json')).stdout);
    Pod(item);
    assert.deepEqual(Pod.errors ?? [], []);
    assert.equal(textAt(item, 'spec', 'containers', 1, 'name'), 'job');
  });
  await step('events and describe tell what happened', async () => {
    const events = (await ok('events')).stdout;
    for (const words of [
      'Normal +Created .*container setup',
      'Normal +Completed .*setup',
      'Normal +Started .*app',
    ])
      assert.match(events, new RegExp(words));
    assert.match(events, new RegExp(`Warning +Failed +pod/${id} +Container job failed with exit code 3`));
    const described = (await ok('describe', 'pod', id)).stdout;
    assert.match(described, /Exit Code: +3/);
    assert.match(described, /Warning +Failed .* Container job failed/);
  });
  await step('events -f and get -w follow', async () => {
    const events = start(['events', '-f']);
    const pods = start(['get', 'pods', '-w']);
    await eventually(
      'both have begun',
      () => (events.output().includes('Created') && pods.output().includes(id)) || undefined,
    );
    const before = events.output().length;
    await ok('restart', `${id}/app`, '-t', '1');
    await eventually(
      'the new event',
      () => events.output().slice(before).includes('Started container app') || undefined,
    );
    await ok('stop', '-t', '1');
    await eventually(
      'the new row',
      () => (pods.output().match(new RegExp(`^${id} `, 'gm')) ?? []).length > 1 || undefined,
    );
    events.kill('SIGINT');
    pods.kill('SIGINT');
    assert.deepEqual([(await events.end).code, (await pods.end).code], [130, 130]);
  });
  await step('wait --for=delete returns when the pod is gone', async () => {
    const removed = start(['wait', '--for=delete', id]);
    await ok('down', '-t', '0');
    assert.equal((await removed.end).code, 0);
  });
});
