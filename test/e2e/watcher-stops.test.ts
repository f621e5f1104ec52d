import assert from 'node:assert/strict';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from './support/eventually.ts';
import { BUSYBOX } from './support/images.ts';
import { at, parse } from './support/json.ts';
import { containerState, podman, tryPodman } from './support/podman.ts';
import { run, type Running } from './support/program.ts';
import { PODPOSE, ROOT, scenario, type Scenario } from './support/scenario.ts';
import { servicesOf, suspend, watchers } from './support/watchers.ts';

const FAST = { env: { PODPOSE_BACK_OFF: '1' } };

const shows = (running: Running, pattern: RegExp) =>
  eventually(`${pattern.source} in the output`, () => {
    if (pattern.test(running.output())) return true;
    throw new Error(running.output());
  });

/** The containers of the scenario that run, without infra containers. */
async function runningNow(id: string): Promise<string> {
  const names = await podman('ps', '--filter', `label=podpose.project=${id}`, '--format', '{{.Names}}');
  const own = names.split('\n').filter((name) => name !== '' && !name.endsWith('-infra'));
  return own.sort().join(' ');
}

/** Nobody starts a container, although the first back-off is a second. A watcher stays only with what was kept. */
async function assertLeftAlone({ id }: Scenario, kept = ''): Promise<void> {
  assert.equal(await runningNow(id), kept);
  await sleep(1500);
  assert.equal(await runningNow(id), kept);
  const expected = kept === '' ? 0 : 1;
  await eventually('the watcher', async () => ((await watchers(id)).length === expected ? true : undefined));
}

scenario('Ctrl-C in each phase of up, and a closed terminal: nothing is started again', async (story) => {
  const { id, directory, step, pod, file, start, startProgram, podpose } = story;
  const wait = (words: string, gate: string) =>
    `[sh, -c, "trap 'exit 3' TERM; echo ${words}; while [ ! -e /gates/${gate} ]; do sleep 0.1; done"]`;
  const mount = 'volumeMounts: [{ name: gates, mountPath: /gates }]';
  await pod(`  terminationGracePeriodSeconds: 1
  initContainers:
    - { name: init, image: ${BUSYBOX}, command: ${wait('prepares', 'init')}, ${mount} }
  containers:
    - name: app
      image: ${BUSYBOX}
      command: [sh, -c, "trap 'exit 3' TERM; echo serves; while :; do sleep 0.1; done"]
      lifecycle: { postStart: { exec: { command: ${wait('begins', 'hook')} } } }
      readinessProbe: { exec: { command: [test, -e, /gates/ready] }, periodSeconds: 1 }
      ${mount}
    - { name: stubborn, image: ${BUSYBOX}, command: [sh, -c, "trap '' TERM; while :; do sleep 0.1; done"] }
  volumes: [{ name: gates, hostPath: { path: ${directory} } }]`);
  const interrupted = async (up: Running, kept = '') => {
    up.kill('SIGINT');
    const ended = await up.end;
    assert.equal(ended.code, 130, ended.story);
    await assertLeftAlone(story, kept);
    return ended;
  };
  await step('while objects are created', async () => {
    const up = start(['up'], FAST);
    await eventually('the pod', async () =>
      (await tryPodman('pod', 'exists', id)).code === 0 ? true : undefined,
    );
    await interrupted(up);
  });
  await step('while an init container runs', async () => {
    const up = start(['up'], FAST);
    await shows(up, /prepares/);
    await interrupted(up);
  });
  await file('init', '');
  await step('while a postStart hook runs: the container is kept, reported and watched', async () => {
    const up = start(['up'], FAST);
    await eventually('the container runs', async () =>
      (await runningNow(id)) === `${id}-app` ? true : undefined,
    );
    const ended = await interrupted(up, `${id}-app`);
    assert.match(ended.stderr, /Kept: .*container\/app/);
  });
  await file('hook', '');
  await step('while up waits for the pod to be ready, it leaves the pods and their watcher', async () => {
    const up = start(['up', '--wait'], FAST);
    await shows(up, /Waiting for/);
    up.kill('SIGINT');
    const ended = await up.end;
    assert.equal(ended.code, 130, ended.story);
    assert.match(await runningNow(id), /stubborn/);
    await eventually('the watcher', async () => ((await watchers(id)).length === 1 ? true : undefined));
  });
  await step('while it follows the logs, twice: without the rest of the grace period', async () => {
    const up = start(['up'], FAST);
    await shows(up, /Following the logs/);
    up.kill('SIGINT');
    await shows(up, /Stopping/);
    const { stderr } = await podpose(['-p', id, 'ps'], FAST);
    assert.doesNotMatch(stderr, /Nobody restarts/, 'nothing is to be restarted');
    await interrupted(up);
  });
  await step('a terminal that is closed', async () => {
    await file('ready', '');
    const command = `exec '${process.execPath}' '${PODPOSE}' up`;
    const terminal = startProgram('script', ['-qfc', command, '/dev/null'], FAST);
    await shows(terminal, /Following the logs/);
    assert.match(await runningNow(id), /app/);
    // The kernel sends SIGHUP, as for a window that is closed, and every write fails.
    terminal.kill('SIGKILL');
    await eventually('stopped', async () => ((await runningNow(id)) === '' ? true : undefined));
    await assertLeftAlone(story);
  });
  await podpose(['-p', id, 'down'], FAST);
});

scenario('up -d while Ctrl-C stops the pods waits, and starts them again', async (story) => {
  const { id, pod, step, start, podpose } = story;
  await pod(`  terminationGracePeriodSeconds: 10
  containers:
    - name: app
      image: ${BUSYBOX}
      command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 0.1; done"]
      lifecycle: { preStop: { sleep: { seconds: 3 } } }`);
  const up = start(['up'], FAST);
  await shows(up, /Following the logs/);
  await step('it waits for the first one', async () => {
    up.kill('SIGINT');
    await shows(up, /Stopping/);
    const second = await podpose(['up', '-d'], FAST);
    assert.equal(second.code, 0, second.story);
    assert.match(second.stderr, /container\/app +started/, second.story);
    assert.equal((await up.end).code, 130);
  });
  await step('the pod runs and is watched', async () => {
    assert.equal(await runningNow(id), `${id}-app`);
    await eventually('a watcher', async () => ((await watchers(id)).length === 1 ? true : undefined));
    const { stdout } = await podpose(['-p', id, 'ps'], FAST);
    assert.match(stdout, new RegExp(`^${id} +1/1 +Running `, 'm'));
  });
});

scenario('SIGTERM ends a watcher and not the pods, and up of another version replaces it', async (story) => {
  const { id, directory, step, pod, podpose } = story;
  await pod(`  terminationGracePeriodSeconds: 0
  containers: [{ name: app, image: ${BUSYBOX}, command: [sleep, '3600'] }]`);
  const log = async () => (await podpose(['-p', id, 'logs', '--watcher'], FAST)).stdout;
  await podpose(['up', '-d'], FAST);
  const first = await eventually('a watcher', async () => (await watchers(id))[0]);
  const before = await containerState(`${id}-app`);
  await step('SIGTERM', async () => {
    await eventually('it watches', async () =>
      (await log()).includes('watching project') ? true : undefined,
    );
    process.kill(first, 'SIGTERM');
    await eventually('no watcher', async () => ((await watchers(id)).length === 0 ? true : undefined));
    assert.match(await log(), /stopped; the containers go on\n$/);
    assert.deepEqual(await containerState(`${id}-app`), before);
  });
  const second = await step('up of the same version starts one, and keeps one that runs', async () => {
    await podpose(['up', '-d'], FAST);
    const watcher = await eventually('a watcher', async () => (await watchers(id))[0]);
    await eventually('it watches', async () =>
      (await log()).split('watching project').length === 3 ? true : undefined,
    );
    await podpose(['up', '-d'], FAST);
    // One that it has just forked looks like it until it executes its program.
    await eventually('the same watcher alone', async () => {
      assert.deepEqual(await watchers(id), [watcher]);
      return true;
    });
    return watcher;
  });
  await step('up of another version replaces it', async () => {
    const other = join(directory, 'other');
    await cp(join(ROOT, 'dist'), other, { recursive: true });
    const program = join(other, 'podpose.js');
    const version = String(at(parse(await readFile(join(ROOT, 'package.json'), 'utf8')), 'version'));
    const text = await readFile(program, 'utf8');
    await writeFile(program, text.replaceAll(`"${version}"`, '"99.0.0"'));
    const up = await run(process.execPath, [program, 'up', '-d'], {
      cwd: directory,
      env: { ...process.env, ...FAST.env },
    });
    assert.equal(up.code, 0, up.story);
    await eventually('another watcher', async () => {
      const [watcher, ...others] = await watchers(id);
      return watcher !== undefined && watcher !== second && others.length === 0 ? true : undefined;
    });
    await eventually('its log', async () =>
      /another podpose watches from now on[^]*\(podpose 99\.0\.0, process/.test(await log())
        ? true
        : undefined,
    );
    assert.deepEqual(await containerState(`${id}-app`), before);
  });
});

scenario(
  "podman's service hangs for longer than a request may take: the watcher runs commands",
  async (story) => {
    const { id, step, env, pod, podpose } = story;
    // The watcher has a service of its own if its settings are not those of the environment.
    env['GOGC'] = undefined;
    await pod(`  terminationGracePeriodSeconds: 0
  containers: [{ name: app, image: ${BUSYBOX}, command: [sh, -c, "trap 'exit 3' TERM; while :; do sleep 0.1; done"] }]`);
    await podpose(['up', '-d'], { env: { ...FAST.env, OWN_SERVICE_OF: id } });
    const first = await containerState(`${id}-app`);
    const services = await eventually('the services of up and of the watcher', async () => {
      const [found, ps] = await Promise.all([servicesOf(id), podpose(['-p', id, 'ps'], FAST)]);
      return found.length === 2 && !ps.stderr.includes('Nobody') ? found : undefined;
    });
    await step('a container that has ended is restarted meanwhile', async () => {
      await suspend(services);
      process.kill(Number(first.pid), 'SIGTERM');
      await eventually(
        'restarted',
        async () => {
          const { status, startedAt } = await containerState(`${id}-app`);
          return status === 'running' && startedAt > first.startedAt ? true : undefined;
        },
        40,
      ).finally(() => {
        // One that hangs may hold a lock of podman.
        for (const service of services) process.kill(service, 'SIGCONT');
      });
    });
    await step('when it goes on, the container is restarted, too', async () => {
      const { startedAt, pid } = await containerState(`${id}-app`);
      process.kill(Number(pid), 'SIGTERM');
      await eventually('restarted', async () =>
        (await containerState(`${id}-app`)).startedAt > startedAt ? true : undefined,
      );
    });
  },
);

scenario('the next watcher restarts what a watcher has ended that was killed meanwhile', async (story) => {
  const { id, directory, step, pod, ok, podpose, start } = story;
  await pod(`  terminationGracePeriodSeconds: 60
  containers:
    - name: app
      image: ${BUSYBOX}
      command: [sh, -c, "trap 'touch /sick/asked' TERM; while [ ! -e /sick/end ]; do sleep 0.1; done; exit 7"]
      livenessProbe: { exec: { command: [test, "!", -e, /sick/yes] }, periodSeconds: 1, timeoutSeconds: 20, failureThreshold: 1 }
      volumeMounts: [{ name: sick, mountPath: /sick }]
  volumes: [{ name: sick, hostPath: { path: ${directory} } }]`);
  await ok('up', '-d');
  const { startedAt } = await containerState(`${id}-app`);
  await step('it is killed during the grace period', async () => {
    await writeFile(join(directory, 'yes'), '');
    await eventually('the event', async () =>
      /Killing .*failed a probe/.test((await podpose(['-p', id, 'events'], FAST)).stdout) ? true : undefined,
    );
    await eventually('its stop signal', () => readFile(join(directory, 'asked')));
    for (const watcher of await watchers(id)) process.kill(watcher, 'SIGKILL');
    await rm(join(directory, 'yes'));
    await writeFile(join(directory, 'end'), '');
    await eventually('the end', async () =>
      (await containerState(`${id}-app`)).status === 'exited' ? true : undefined,
    );
    await rm(join(directory, 'end'));
  });
  await step('another one restarts the container', async () => {
    const watch = start(['-p', id, 'watch'], FAST);
    await eventually('restarted', async () => {
      const state = await containerState(`${id}-app`);
      return state.status === 'running' && state.startedAt > startedAt ? true : undefined;
    });
    watch.kill('SIGINT');
    await watch.end;
  });
});
