import assert from 'node:assert/strict';
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from './support/eventually.ts';
import { BUSYBOX, TEST_IMAGE } from './support/images.ts';
import { containerState, exec, podman, thingsOf } from './support/podman.ts';
import { assertNothingLeft, scenario } from './support/scenario.ts';

/** Waits for the test to open a gate: to make a file in the folder that both share. */
const waitFor = (gate: string) => `while [ ! -e /shared/${gate} ]; do sleep 0.1; done`;

scenario('Init containers run one after another, and the app after all of them', async (story) => {
  const { id, directory, step, pod, start } = story;
  const shared = join(directory, 'shared');
  await mkdir(shared);
  const init = (name: string, script: string) => `
    - name: ${name}
      image: ${BUSYBOX}
      command: ["sh", "-c", "echo ${name} begins >> /shared/story; ${script}; echo ${name} ends >> /shared/story"]
      volumeMounts: [{ name: shared, mountPath: /shared }]`;
  await pod(`
  initContainers:${init('first', 'sleep 0.3')}${init('second', waitFor('gate'))}${init('third', 'true')}
  containers:
    - name: app
      image: ${TEST_IMAGE}
  volumes:
    - name: shared
      hostPath: { path: ./shared, type: Directory }`);

  const up = start(['up', '-d']);
  await step('the second is at work when the first has ended', () =>
    eventually('the second begins', async () =>
      (await readFile(join(shared, 'story'), 'utf8')).includes('second begins') ? true : undefined,
    ),
  );
  await step('while it works, neither the third nor the app has been created', async () => {
    assert.deepEqual((await thingsOf(id)).containers, [`${id}-first`, `${id}-second`]);
  });
  await step('when it has ended, the third runs and then the app', async () => {
    await appendFile(join(shared, 'gate'), '');
    const ended = await up.end;
    assert.equal(ended.code, 0, ended.story);
    assert.equal((await containerState(`${id}-app`)).status, 'running');
  });
  await step('no two were at work at the same time', async () => {
    assert.equal(
      await readFile(join(shared, 'story'), 'utf8'),
      ['first', 'second', 'third'].map((name) => `${name} begins\n${name} ends\n`).join(''),
    );
    const states = await Promise.all(
      ['first', 'second', 'third', 'app'].map((name) => containerState(`${id}-${name}`)),
    );
    states.reduce((previous, next) => {
      assert.ok(previous.finishedAt <= next.startedAt);
      return next;
    });
  });
});

scenario(
  'An init container that fails under Never leaves the pod failed, and the mended file goes on',
  async (story) => {
    const { id, directory, step, pod, podpose, ok } = story;
    const shared = join(directory, 'shared');
    await mkdir(shared);
    const spec = (script: string) => `
  restartPolicy: Never
  initContainers:
    - name: first
      image: ${BUSYBOX}
      command: ["sh", "-c", "date +%s%N > /work/first"]
      volumeMounts: [{ name: work, mountPath: /work }]
    - name: second
      image: ${BUSYBOX}
      command: ["sh", "-c"]
      args: ["echo run >> /shared/runs; ${script}"]
      volumeMounts: [{ name: shared, mountPath: /shared }]
  containers:
    - name: app
      image: ${TEST_IMAGE}
      volumeMounts: [{ name: work, mountPath: /work }]
  volumes:
    - name: work
      emptyDir: {}
    - name: shared
      hostPath: { path: shared }`;
    await pod(spec('for n in $(seq 30); do echo line $n; done; exit 3'));

    await step('up fails at once, and names the container, its exit code and its last 20 lines', async () => {
      const ended = await podpose(['up', '-d', '--progress', 'quiet']);
      assert.equal(ended.code, 1, ended.story);
      assert.match(ended.stderr, /init container second of pod \S+ .*\b3\b/);
      for (const shown of ['line 11', 'line 30']) assert.match(ended.stderr, new RegExp(`${shown}$`, 'm'));
      assert.doesNotMatch(ended.stderr, /line 10$/m);
      assert.equal(await readFile(join(shared, 'runs'), 'utf8'), 'run\n', 'it was not tried again');
    });
    await step('the app was never created', async () => {
      assert.deepEqual((await thingsOf(id)).containers, [`${id}-first`, `${id}-second`]);
    });
    await step('the failed one is there to be looked at', async () => {
      const { status, exitCode } = await containerState(`${id}-second`);
      assert.deepEqual([status, exitCode], ['exited', 3]);
      assert.match((await ok('logs', '-c', 'second')).stdout, /line 1$/m);
    });
    await step('the phase is Failed', async () => {
      assert.match((await ok('ps', '-o', 'json')).stdout, /"phase": "Failed"/);
    });
    await step('with the file mended, up brings the pod up', async () => {
      await pod(spec('true'));
      await ok('up', '-d');
      assert.equal((await containerState(`${id}-app`)).status, 'running');
      assert.equal((await containerState(`${id}-second`)).exitCode, 0);
    });
    await step('down leaves nothing', async () => {
      await ok('down');
      await assertNothingLeft(story);
    });
  },
);

scenario('After a failed init container the same command goes on from it', async (story) => {
  const { id, directory, step, pod, podpose, ok } = story;
  const shared = join(directory, 'shared');
  await mkdir(shared);
  await pod(`
  restartPolicy: Never
  initContainers:
    - name: first
      image: ${BUSYBOX}
      command: ["true"]
    - name: second
      image: ${BUSYBOX}
      command: ["test", "-e", "/shared/what-it-needs"]
      volumeMounts: [{ name: shared, mountPath: /shared }]
  containers:
    - name: app
      image: ${TEST_IMAGE}
  volumes:
    - name: shared
      hostPath: { path: shared }`);

  const first = await step('up stops at the second, which lacks something', async () => {
    const ended = await podpose(['up', '-d']);
    assert.equal(ended.code, 1, ended.story);
    return containerState(`${id}-first`);
  });
  await step('once it has that, the same command goes on, and does not repeat the first', async () => {
    await writeFile(join(shared, 'what-it-needs'), '');
    await ok('up', '-d');
    assert.equal((await containerState(`${id}-app`)).status, 'running');
    assert.deepEqual(await containerState(`${id}-first`), first);
  });
});

scenario(
  'An init container that fails under OnFailure is tried again at once, and then after ten seconds',
  async (story) => {
    const { id, directory, step, pod, ok } = story;
    const shared = join(directory, 'shared');
    await mkdir(shared);
    await pod(`
  restartPolicy: OnFailure
  initContainers:
    - name: stubborn
      image: ${BUSYBOX}
      command: ["sh", "-c"]
      args:
        - |
          date +%s >> /shared/attempts
          echo "attempt $(wc -l < /shared/attempts)"
          [ "$(wc -l < /shared/attempts)" -ge 3 ]
      volumeMounts: [{ name: shared, mountPath: /shared }]
  containers:
    - name: app
      image: ${TEST_IMAGE}
  volumes:
    - name: shared
      hostPath: { path: shared }`);

    await step('up succeeds with the third attempt', () => ok('up', '-d'));
    await step('ten seconds lay before it', async () => {
      const attempts = (await readFile(join(shared, 'attempts'), 'utf8')).trim().split('\n').map(Number);
      assert.equal(attempts.length, 3);
      const [first, second] = [0, 1].map((index) => (attempts[index + 1] ?? 0) - (attempts[index] ?? 0));
      assert.ok((first ?? Infinity) <= 8, `${first} s`);
      assert.ok((second ?? 0) >= 10 && (second ?? 0) <= 18, `${second} s`);
    });
    await step('the app runs, and the output of the init container stays readable', async () => {
      assert.equal((await containerState(`${id}-app`)).status, 'running');
      assert.match((await ok('logs', '-c', 'stubborn')).stdout, /attempt 3/);
    });
  },
);

scenario('The retries of an init container count as restarts', async (story) => {
  const { id, directory, step, pod, ok, start } = story;
  const shared = join(directory, 'shared');
  await mkdir(shared);
  await pod(`
  initContainers:
    - name: stubborn
      image: ${BUSYBOX}
      command: ["sh", "-c", "echo run >> /shared/runs; [ -e /shared/go ] || exit 3"]
      volumeMounts: [{ name: shared, mountPath: /shared }]
  containers:
    - name: app
      image: ${TEST_IMAGE}
  volumes:
    - name: shared
      hostPath: { path: shared }`);
  interface Status {
    readonly restartCount: number;
    readonly state: Readonly<Record<string, { readonly reason?: string; readonly exitCode?: number }>>;
    readonly lastState?: Status['state'];
  }
  const statusOf = async () => {
    const path = '{.status.initContainerStatuses[0]}';
    const { stdout } = await ok('-p', id, 'get', `pod/${id}`, '-o', `jsonpath=${path}`);
    return JSON.parse(stdout) as Status;
  };
  const column = async () => (await ok('-p', id, 'ps')).stdout.split('\n')[1] ?? '';
  const runs = async () => (await readFile(join(shared, 'runs'), 'utf8')).trim().split('\n').length;
  /** The number of restarts at the beginning of a look that falls into one back-off. */
  const inBackOff = (look: (restarts: number) => Promise<void> = () => Promise.resolve()) =>
    eventually(
      'a look within a back-off',
      async () => {
        const { restartCount, state, lastState } = await statusOf();
        assert.equal(state['waiting']?.reason, 'CrashLoopBackOff');
        assert.equal(lastState?.['terminated']?.exitCode, 3);
        await look(restartCount);
        // It ran once more: then the next back-off, which is twice as long, may be long enough.
        assert.equal(restartCount, (await runs()) - 1);
        return restartCount;
      },
      120,
    );
  const up = start(['up', '-d']);

  await step('the second run is a restart, and a back-off follows', async () => {
    await inBackOff(async (restarts) => {
      assert.ok(restarts >= 1);
      assert.match(await column(), new RegExp(` Init:CrashLoopBackOff +${restarts} \\(\\d+s ago\\) `));
      assert.match((await ok('-p', id, 'describe')).stdout, new RegExp(`Restart Count: +${restarts}\\n`));
      assert.match(
        (await ok('-p', id, 'events')).stdout,
        /BackOff .*Back-off restarting failed container stubborn/,
      );
    });
  });
  await step('it stays one when nobody retries it any more', async () => {
    const restarts = await inBackOff();
    up.kill('SIGKILL');
    await up.end;
    assert.match(await column(), new RegExp(` Init:Error +${restarts} \\(\\d+s ago\\) `));
    const { restartCount, state, lastState } = await statusOf();
    assert.deepEqual([restartCount, state['terminated']?.exitCode], [restarts, 3]);
    assert.equal(lastState?.['terminated']?.reason, 'Error');
  });
  await step('a pod that is initialized shows the restarts of its apps only', async () => {
    await writeFile(join(shared, 'go'), '');
    await ok('up', '-d');
    assert.match(await column(), / Running +0 /);
    // Another start is told from the first one by the time since the creation.
    await sleep(3000);
    await ok('stop');
    await ok('start');
    assert.match(await column(), / Running +1 /);
    assert.equal((await statusOf()).restartCount, 1);
  });
});

scenario('--timeout ends the attempts of an init container that keeps failing', async (story) => {
  const { id, step, pod, podpose } = story;
  await pod(`
  initContainers:
    - name: hopeless
      image: ${BUSYBOX}
      command: ["false"]
  containers:
    - name: app
      image: ${TEST_IMAGE}`);

  await step('up gives up, since the next attempt would come too late', async () => {
    const ended = await podpose(['up', '-d', '--timeout', '5s']);
    const end = Date.now();
    assert.equal(ended.code, 1, ended.story);
    assert.match(ended.stderr, /hopeless/);
    const { finishedAt } = await containerState(`${id}-hopeless`);
    assert.ok(end - finishedAt < 9500, `${end - finishedAt} ms after the last attempt`);
  });
  await step('the failed one is still there, and the app is not', async () => {
    assert.deepEqual((await thingsOf(id)).containers, [`${id}-hopeless`]);
  });
});

scenario('A volume in memory keeps what init containers put there, and its limit is felt', async (story) => {
  const { id, step, pod, ok } = story;
  await pod(`
  restartPolicy: Never
  initContainers:
    - name: writer
      image: ${BUSYBOX}
      command: ["sh", "-c", "echo kept > /memory/note"]
      volumeMounts: [{ name: memory, mountPath: /memory }]
    # Nothing holds the volume here but podpose.
    - name: bystander
      image: ${BUSYBOX}
      command: ["sleep", "0.5"]
    - name: reader
      image: ${BUSYBOX}
      command: ["cat", "/memory/note"]
      volumeMounts: [{ name: memory, mountPath: /memory }]
  containers:
    - name: app
      image: ${TEST_IMAGE}
      volumeMounts: [{ name: memory, mountPath: /memory }]
  volumes:
    - name: memory
      emptyDir: { medium: Memory, sizeLimit: 2Mi }`);

  await step('up succeeds: the last init container could read the note', () => ok('up', '-d'));
  await step('the app finds the note as well, on a tmpfs that everybody may write to', async () => {
    assert.equal(await exec(`${id}-app`, 'cat', '/memory/note'), 'kept\n');
    assert.match(await exec(`${id}-app`, 'grep', ' /memory ', '/proc/mounts'), /^tmpfs /);
    assert.equal(await exec(`${id}-app`, 'stat', '-c', '%a', '/memory'), '777\n');
  });
  await step('one MiB fits, three do not', async () => {
    await exec(`${id}-app`, 'dd', 'if=/dev/zero', 'of=/memory/one', 'bs=1M', 'count=1');
    await assert.rejects(
      exec(`${id}-app`, 'dd', 'if=/dev/zero', 'of=/memory/three', 'bs=1M', 'count=3'),
      /No space left on device/,
    );
  });
  await step('down takes the memory back', async () => {
    await ok('down');
    await assertNothingLeft(story);
    assert.doesNotMatch(await podman('unshare', 'cat', '/proc/mounts'), new RegExp(`${id}-memory`));
  });
});

scenario('ps reports a pod that an up has begun to start, and nobody goes on with', async (story) => {
  const { id, directory, step, pod, start, ok } = story;
  const shared = join(directory, 'shared');
  await mkdir(shared);
  await pod(`
  initContainers:
    - name: wait
      image: ${BUSYBOX}
      command: [sh, -c, "${waitFor('gate')}"]
      volumeMounts: [{ name: shared, mountPath: /shared }]
  containers:
    - name: app
      image: ${TEST_IMAGE}
  volumes:
    - name: shared
      hostPath: { path: ./shared, type: Directory }`);
  const REPORT = new RegExp(`^pod/${id} has not started completely, and nothing is starting it`, 'm');
  const up = start(['up', '-d']);
  await eventually('the init container runs', async () =>
    (await containerState(`${id}-wait`)).status === 'running' ? true : undefined,
  );
  await step('while up runs, there is nothing to report', async () => {
    assert.doesNotMatch((await ok('ps')).stderr, REPORT);
  });
  await step('after its end there is', async () => {
    up.kill('SIGKILL');
    await up.end;
    assert.match((await ok('ps')).stderr, REPORT);
  });
  await step('the next up continues', async () => {
    await appendFile(join(shared, 'gate'), '');
    await ok('up', '-d');
    assert.doesNotMatch((await ok('ps')).stderr, REPORT);
  });
});
