import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from './support/eventually.ts';
import { BUSYBOX } from './support/images.ts';
import { containerState, podman } from './support/podman.ts';
import { run } from './support/program.ts';
import { assertNothingLeft, scenario, type Scenario } from './support/scenario.ts';
import { watchers } from './support/watchers.ts';

/** Back-offs of a second where a cluster has ten. */
const FAST = { env: { PODPOSE_BACK_OFF: '1' } };

/** Each line is a word and a time in seconds. */
const note = (word: string) => `read up rest </proc/uptime; echo ${word} $up >>/out/log`;
/** Notes its stop signal, and exits at once. */
const MAIN = `${note('started')}; trap '${note('term')}; exit 0' TERM; while :; do sleep 0.1; done`;
const exec = (script: string) => `{ exec: { command: [sh, -c, ${JSON.stringify(script)}] } }`;

interface Hooked {
  readonly script?: string;
  readonly postStart?: string;
  readonly preStop?: string;
  readonly more?: string;
}

function container(
  name: string,
  { script = MAIN, postStart, preStop, more = '' }: Hooked,
  version = 1,
): string {
  const named = (text: string) =>
    JSON.stringify(text.replaceAll(/echo (\w+) \$up/g, `echo ${name} $1 ${version} $up`));
  const hooks = [
    ...(postStart === undefined ? [] : [`postStart: ${postStart}`]),
    ...(preStop === undefined ? [] : [`preStop: ${preStop}`]),
  ]
    .join(', ')
    .replaceAll(/echo (\w+) \$up/g, `echo ${name} $1 ${version} $up`);
  return `    - { name: ${name}, image: ${BUSYBOX}, command: [sh, -c, ${named(script)}], lifecycle: { ${hooks} }, volumeMounts: [{ name: out, mountPath: /out }]${more} }`;
}

const podOf = (graceSeconds: number, containers: readonly string[], more = '') => `
  terminationGracePeriodSeconds: ${graceSeconds}${more}
  containers:
${containers.join('\n')}
  volumes: [{ name: out, hostPath: { path: out } }]`;

/** What containers and hooks have noted, in order, with the times, since it was last asked. */
function notes({ directory }: Scenario) {
  const log = join(directory, 'out', 'log');
  let known = 0;
  return async () => {
    const all = await readFile(log, 'utf8').catch(() => '');
    const text = all.slice(known, all.lastIndexOf('\n') + 1);
    known += text.length;
    const lines = text.split('\n').filter(Boolean);
    const timeOf = (words: string) => {
      const line = lines.find((one) => one.startsWith(`${words} `));
      assert.ok(line !== undefined, `no '${words}' in:\n${text}`);
      return Number(line.split(' ').at(-1));
    };
    return { words: lines.map((line) => line.split(' ').slice(0, -1).join(' ')), timeOf };
  };
}

async function withOut(story: Scenario) {
  const out = join(story.directory, 'out');
  await mkdir(out);
  await chmod(out, 0o777);
  return notes(story);
}

scenario('postStart holds up the next container, and preStop runs inside the grace period', async (story) => {
  const { id, directory, step, pod, ok } = story;
  const read = await withOut(story);
  // A hook has a single attempt: the server for the hook of two runs in one, a second earlier.
  const server = `mkdir -p /w; httpd -p 8080 -h /w; ${MAIN}`;
  const manifest = (version: number, more = '') =>
    podOf(
      7,
      [
        container(
          'one',
          {
            script: server,
            postStart: exec(`sleep 1; ${note('hooked')}`),
            preStop: exec(`${note('leaving')}; sleep 2.4`),
          },
          version,
        ),
        // The hook does not need to answer with success, nor a program in the image.
        container('two', {
          script: `${note('started')}; trap exit TERM; while :; do sleep 0.1; done`,
          postStart: '{ httpGet: { port: 8080, path: /missing } }',
        }),
        // Deaf to its signal: the grace period counts once.
        container('deaf', { script: 'sleep 3600', preStop: exec(`${note('leaving')}; sleep 6`) }),
      ],
      more,
    );

  await step('up: one container after the other', async () => {
    await pod(manifest(1));
    await ok('up', '-d');
    const { words } = await read();
    assert.deepEqual(words, ['one started 1', 'one hooked 1', 'two started 1']);
  });
  await step(
    'a replaced container runs the preStop of its own manifest, the new one its postStart',
    async () => {
      await pod(manifest(2));
      await ok('up', '-d');
      const { words, timeOf } = await read();
      assert.deepEqual(words, ['one leaving 1', 'one term 1', 'one started 2', 'one hooked 2']);
      assert.ok(timeOf('one term 1') - timeOf('one leaving 1') > 2);
    },
  );
  await step('restart of a container', async () => {
    await ok('restart', `${id}/one`);
    const { words } = await read();
    assert.deepEqual(words, ['one leaving 2', 'one term 2', 'one started 2', 'one hooked 2']);
  });
  await step('stop: all hooks at once, within one grace period', async () => {
    const stopped = await ok('stop');
    const { finishedAt } = await containerState(`${id}-deaf`);
    const [up = ''] = (await readFile('/proc/uptime', 'utf8')).split(' ');
    const end = Number(up) - (Date.now() - finishedAt) / 1000;
    const { words, timeOf } = await read();
    assert.deepEqual([...words].sort(), ['deaf leaving 1', 'one leaving 2', 'one term 2']);
    assert.ok(Math.abs(timeOf('deaf leaving 1') - timeOf('one leaving 2')) < 2.3);
    const seconds = end - timeOf('deaf leaving 1');
    assert.ok(seconds > 6 && seconds < 12.5, `${seconds} s: ${stopped.story}`);
    assert.match(stopped.stderr, /stopped/);
  });
  await step('start runs postStart again', async () => {
    await ok('start');
    const { words } = await read();
    assert.deepEqual(words, ['one started 2', 'one hooked 2', 'two started 1']);
  });
  await step('a pod that is replaced, by the printed commands', async () => {
    await pod(manifest(2, '\n  hostname: other'));
    const { stdout } = await ok('plan', '--format', 'commands');
    // To a watcher, the pasted commands are those of a user who kills: it restarts what they have ended.
    for (const watcher of await watchers(id)) process.kill(watcher, 'SIGKILL');
    const pasted = await run('sh', ['-e'], { cwd: directory, input: stdout });
    assert.equal(pasted.code, 0, pasted.story);
    const { words } = await read();
    assert.deepEqual([...words.slice(0, 3)].sort(), ['deaf leaving 1', 'one leaving 2', 'one term 2']);
    assert.deepEqual(words.slice(3), ['one started 2', 'one hooked 2', 'two started 1']);
    assert.match((await ok('up', '-d')).stderr, /up to date/);
  });
  await step('down', async () => {
    await ok('down', '-t', '3');
    const { words } = await read();
    assert.deepEqual([...words].sort(), ['deaf leaving 1', 'one leaving 2', 'one term 2']);
    await assertNothingLeft(story);
  });
});

scenario('a failed postStart kills the container, and it is restarted with back-off', async (story) => {
  const { id, directory, step, pod, podpose } = story;
  const read = await withOut(story);
  const ready = '[ -e /out/go ] || { echo not yet; exit 3; }';
  await pod(
    podOf(4, [
      container('one', { postStart: exec(`${ready}; ${note('hooked')}`), preStop: exec(note('leaving')) }),
      container('two', {}),
    ]),
  );
  await step('up -d reports what the hook printed; the next container starts nevertheless', async () => {
    const up = await podpose(['up', '-d'], FAST);
    assert.equal(up.code, 1, up.story);
    assert.match(up.stderr, /postStart of pod\/\S+ container\/one failed: exit code 3: not yet/);
    assert.match(up.stderr, /It will be restarted \(restartPolicy: Always\)/);
    assert.equal(up.stderr.match(/error: /g)?.length, 1, up.story);
    const { stdout } = await podpose(['-p', id, 'events'], FAST);
    assert.match(stdout, /Warning +FailedPostStartHook .*exit code 3: not yet/);
    assert.equal((await containerState(`${id}-two`)).status, 'running');
    const { words } = await read();
    assert.deepEqual(words.slice(0, 3), ['one started 1', 'one leaving 1', 'one term 1']);
  });
  await step('another up -d finds a crash loop, whatever the container does at the moment', async () => {
    // The first restart is at once: until then, up starts the container itself.
    await eventually(
      'the first restart',
      async () =>
        /restarted \(restart 1\)/.test((await podpose(['-p', id, 'logs', '--watcher'], FAST)).stdout) ||
        undefined,
    );
    for (let round = 1; round <= 3; round++) {
      const again = await podpose(['up', '-d'], FAST);
      assert.equal(again.code, 1, again.story);
      assert.match(again.stderr, /container\/one is up to date, but /);
    }
  });
  await step('restarts run the hook again', async () => {
    await writeFile(join(directory, 'out', 'go'), '');
    await eventually('hooked', async () => (await read()).words.includes('one hooked 1') || undefined);
    assert.equal((await containerState(`${id}-one`)).status, 'running');
    assert.match((await podpose(['-p', id, 'logs', '--watcher'], FAST)).stdout, /restarted/);
  });
});

scenario('a hook that fails once ends no up', async (story) => {
  const { id, step, pod, podpose, start } = story;
  const read = await withOut(story);
  const once = (word: string) =>
    exec(`[ -e /out/${word} ] || { touch /out/${word}; echo not yet; exit 3; }; ${note('hooked')}`);
  await step('up --wait waits for the restart', async () => {
    await pod(podOf(4, [container('one', { postStart: once('first') })]));
    const up = await podpose(['up', '--wait', '--timeout', '60s'], FAST);
    assert.equal(up.code, 0, up.story);
    assert.match(up.stderr, /warning: postStart of pod\/\S+ container\/one failed: exit code 3: not yet/);
    assert.deepEqual((await read()).words, [
      ...['one started 1', 'one term 1', 'one started 1', 'one hooked 1'],
    ]);
    assert.equal((await containerState(`${id}-one`)).status, 'running');
    await podpose(['down']);
  });
  await step('a container that nobody restarts fails at once', async () => {
    await pod(podOf(4, [container('one', { postStart: once('never') })], '\n  restartPolicy: Never'));
    const up = await podpose(['up', '--wait'], FAST);
    assert.equal(up.code, 1, up.story);
    assert.match(up.stderr, /error: postStart .*not yet\n.*It will not be restarted/);
    await read();
    await podpose(['down']);
  });
  await step('containers start after a sidecar that was restarted', async () => {
    const side = container('side', { postStart: once('second'), more: ', restartPolicy: Always' });
    await pod(podOf(4, [container('app', {})], `\n  initContainers:\n${side}`));
    const up = await podpose(['up', '-d'], FAST);
    assert.equal(up.code, 0, up.story);
    assert.match(up.stderr, /warning: postStart of pod\/\S+ init\/side failed: exit code 3: not yet/);
    const { words } = await read();
    assert.deepEqual(words.slice(0, 4), ['side started 1', 'side term 1', 'side started 1', 'side hooked 1']);
    await eventually('the app', async () => {
      words.push(...(await read()).words);
      return words.includes('app started 1') || undefined;
    });
    await podpose(['down']);
    await read();
  });
  await step('up that follows the logs goes on', async () => {
    await pod(podOf(4, [container('one', { postStart: once('third') })]));
    const up = start(['up'], FAST);
    await eventually('hooked', async () => (await read()).words.includes('one hooked 1') || undefined);
    up.kill('SIGINT');
    assert.equal((await up.end).code, 130);
    assert.match(up.output(), /postStart of .*not yet[\s\S]*Following the logs/);
    await podpose(['down']);
  });
});

scenario('a failed liveness probe and Ctrl-C run preStop', async (story) => {
  const { step, directory, pod, podpose, start } = story;
  const read = await withOut(story);
  const livenessProbe =
    ', livenessProbe: { exec: { command: [test, "!", -e, /out/sick] }, periodSeconds: 1, timeoutSeconds: 20, failureThreshold: 1, terminationGracePeriodSeconds: 3 }';
  await pod(
    podOf(20, [
      container('one', {
        postStart: exec(note('hooked')),
        preStop: exec(`rm -f /out/sick; ${note('leaving')}; sleep 1`),
        more: livenessProbe,
      }),
    ]),
  );
  const up = start(['up'], FAST);
  const seen: string[] = [];
  const has = (...words: readonly string[]) =>
    eventually(`${words.join(', ')} and not ${seen.join(', ')}`, async () => {
      seen.push(...(await read()).words);
      return seen.join(',') === words.join(',') || undefined;
    });
  await step('liveness: preStop, restart, postStart', async () => {
    await has('one started 1', 'one hooked 1');
    await writeFile(join(directory, 'out', 'sick'), '');
    seen.splice(0);
    await has('one leaving 1', 'one term 1', 'one started 1', 'one hooked 1');
  });
  await step('Ctrl-C', async () => {
    seen.splice(0);
    up.kill('SIGINT');
    assert.equal((await up.end).code, 130);
    await has('one leaving 1', 'one term 1');
  });
  await podpose(['down']);
});

scenario('Sidecars stop last, in reverse order', async (story) => {
  const { step, pod, ok } = story;
  const read = await withOut(story);
  const sidecar = (name: string, preStop?: string) =>
    container(name, { more: ', restartPolicy: Always', ...(preStop === undefined ? {} : { preStop }) });
  const slow = `trap '${note('term')}; sleep 1; ${note('ended')}; exit 0' TERM; while :; do sleep 0.1; done`;
  const init = `\n  initContainers:\n${sidecar('first', exec(note('leaving')))}\n${sidecar('second')}`;
  const manifest = (more = '') => podOf(20, [container('app', { script: slow })], `${init}${more}`);
  const inOrder = ['first leaving 1', 'app term 1', 'app ended 1', 'second term 1', 'first term 1'] as const;
  const assertOrder = (words: readonly string[]) => {
    // The hook of a sidecar runs at the beginning.
    assert.deepEqual(
      words.filter((word) => word !== inOrder[0]),
      inOrder.slice(1),
    );
    assert.ok(words.indexOf(inOrder[0]) < words.indexOf('app ended 1'), words.join());
  };
  await step('a pod that is replaced', async () => {
    await pod(manifest());
    await ok('up', '-d');
    await read();
    await pod(manifest('\n  hostname: other'));
    await ok('up', '-d');
    const { words } = await read();
    assertOrder(words.slice(0, 5));
  });
  await step('down', async () => {
    await ok('down');
    const { words } = await read();
    assertOrder(words);
    await assertNothingLeft(story);
  });
});

scenario('A pod is not ready while one of its containers is missing or starts', async (story) => {
  const { id, step, pod, ok, start } = story;
  const read = await withOut(story);
  const shown = async () => {
    const { stdout } = await ok('ps');
    return stdout
      .split('\n')
      .slice(1)
      .filter(Boolean)
      .map((line) => line.trim().split(/ +/).slice(0, 3).join(' '));
  };
  const containers = (names: readonly string[], seconds = 0) =>
    podOf(
      1,
      names.map((name) =>
        container(name, name === 'one' ? { postStart: exec(`${note('hook')}; sleep ${seconds}`) } : {}),
      ),
    );

  await step('a hook runs, and no other container exists', async () => {
    await pod(containers(['one', 'two', 'three'], 600));
    const up = start(['up', '-d']);
    while (!(await read()).words.includes('one hook 1')) await sleep(100);
    const waiting = ['one', 'two', 'three'].map((name) => `container/${name} 0/1 ContainerCreating`);
    // ps does not wait for long for the up that runs the hook.
    await eventually('what ps shows', async () => {
      assert.deepEqual(await shown(), [`${id} 0/3 ContainerCreating`, ...waiting]);
      return true;
    });
    up.kill('SIGKILL');
    await up.end;
    // Nobody runs the hook any more, as after a restart of a kubelet.
    assert.deepEqual((await shown()).slice(0, 2), [
      `${id} 1/3 ContainerCreating`,
      'container/one 1/1 Running',
    ]);
  });
  await step('up creates the others', async () => {
    await pod(containers(['one', 'two', 'three']));
    await ok('up', '-d');
    await ok('wait', '--for=condition=Ready', `pod/${id}`, '--timeout', '30s');
  });
  await step('a container is removed by hand, and up creates it again', async () => {
    await podman('rm', '--force', '--time', '0', `${id}-two`);
    assert.equal((await shown())[0], `${id} 2/3 ContainerCreating`);
    assert.equal(
      (await story.podpose(['wait', '--for=condition=Ready', `pod/${id}`, '--timeout', '1s'])).code,
      1,
    );
    await ok('up', '-d');
    assert.equal((await shown())[0], `${id} 3/3 Running`);
  });
  await step('a container that is not in the file any more is not expected', async () => {
    await pod(containers(['one', 'two']));
    await ok('up', '-d');
    assert.equal((await shown())[0], `${id} 2/2 Running`);
    await ok('plan', '--detailed-exitcode');
  });
  await step('a container that was added is expected, also after its removal by hand', async () => {
    await pod(containers(['one', 'two', 'four']));
    await ok('up', '-d');
    assert.equal((await shown())[0], `${id} 3/3 Running`);
    await podman('rm', '--force', '--time', '0', `${id}-four`);
    assert.equal((await shown())[0], `${id} 2/3 ContainerCreating`);
    await pod(containers(['one', 'two']));
    await ok('up', '-d');
    assert.equal((await shown())[0], `${id} 2/2 Running`);
    await ok('plan', '--detailed-exitcode');
  });
  await step('down leaves nothing', async () => {
    await ok('down');
    await assertNothingLeft(story);
  });
});
