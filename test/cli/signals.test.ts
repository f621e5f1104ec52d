import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { describe } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { assertEnded, HAS_IMAGE, IMAGE, pod, SIDE_BY_SIDE, story, until, WEB, type Desk } from './support.ts';

const LONG = 60_000;

/** Waits until a command has begun. */
function begun(desk: Desk, pattern: RegExp): Promise<unknown> {
  return until(`a command like ${pattern.source}`, () =>
    desk.fake.commands().find(({ line }) => pattern.test(line)),
  );
}

function running(desk: Desk, name: string): Promise<unknown> {
  return until(`${name} runs`, () => desk.fake.container(name)?.state === 'running');
}

void describe('signals', SIDE_BY_SIDE, () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    story(
      `${signal} during a pull: no further steps, no leftovers`,
      { rules: [{ match: '^pull', delayMs: LONG }] },
      async (desk) => {
        desk.file('pod.yaml', WEB);
        const up = desk.start(['up', '-d']);
        await begun(desk, /^pull/);
        up.kill(signal);
        const ended = await up.end;
        assertEnded(ended, 130, 'Stopping.', 'Interrupted.', 'Skipped: ');
        assert.ok(ended.milliseconds < LONG / 3);
        assert.deepEqual(desk.fake.things(), { pods: [], containers: [], volumes: [] });
        assert.deepEqual(desk.fake.changes(), [`pull ${IMAGE}`]);
      },
    );

  story(
    'SIGINT stops a running init container and reports the state',
    {
      ...HAS_IMAGE,
      behaviours: { 'web-first': [{ runsFor: LONG, exitCode: 0, output: ['working'] }, { exitCode: 0 }] },
    },
    async (desk) => {
      desk.file('pod.yaml', WEB);
      const up = desk.start(['up', '-d']);
      await running(desk, 'web-first');
      await until('its output is shown', () => up.output().includes('[web/first] working'));
      up.kill('SIGINT');
      assertEnded(
        await up.end,
        130,
        'Interrupted.',
        'Kept: network/podpose-desk-',
        ', pod/web\n',
        'Skipped: ',
      );
      assert.equal(desk.fake.container('web-first')?.state, 'exited');
      assert.deepEqual(desk.fake.things().containers, ['web-first']);
      // What was left is gone on from.
      assertEnded(await desk.podpose('up', '-d'), 0);
      assert.equal(desk.fake.container('web-app')?.state, 'running');
    },
  );

  story(
    'SIGINT during the creation of an init container stops it soon',
    {
      ...HAS_IMAGE,
      behaviours: { 'web-first': { runsFor: LONG, exitCode: 0 } },
      rules: [{ match: '--name web-first', delayMs: 1500 }],
    },
    async (desk) => {
      desk.file('pod.yaml', WEB);
      const up = desk.start(['up', '-d']);
      await begun(desk, /--name web-first/);
      up.kill('SIGINT');
      const ended = await up.end;
      assertEnded(ended, 130, 'Interrupted.');
      assert.ok(ended.milliseconds < LONG / 3);
      assert.notEqual(desk.fake.container('web-first')?.state, 'running');
    },
  );

  story(
    'a second SIGINT does not wait for an init container that stops slowly',
    { ...HAS_IMAGE, behaviours: { 'web-first': { runsFor: LONG, exitCode: 0, onTerm: 'ignore' } } },
    async (desk) => {
      desk.file('pod.yaml', WEB);
      const up = desk.start(['up', '-d']);
      await running(desk, 'web-first');
      up.kill('SIGINT');
      await begun(desk, /^stop /);
      up.kill('SIGINT');
      const ended = await up.end;
      assertEnded(ended, 130, 'Interrupted.');
      assert.ok(ended.milliseconds < 20_000);
      assert.equal(desk.fake.container('web-first')?.exitCode, 137);
    },
  );

  story(
    'SIGINT while containers start: running steps finish, further ones are skipped',
    { ...HAS_IMAGE, rules: [{ match: '^pod create', delayMs: 1500 }] },
    async (desk) => {
      desk.file('pod.yaml', WEB);
      const up = desk.start(['up', '-d']);
      await begun(desk, /^pod create/);
      up.kill('SIGINT');
      assertEnded(
        await up.end,
        130,
        'Kept: network/podpose-desk-',
        ', pod/web\n',
        'Skipped: pod/web init/first',
      );
      assert.deepEqual(desk.fake.things(), { pods: ['web'], containers: [], volumes: [] });
      assertEnded(await desk.podpose('up', '-d'), 0);
    },
  );

  story(
    'attached, SIGINT stops the pods and removes nothing',
    { ...HAS_IMAGE, behaviours: { 'web-app': { onTerm: { exitCode: 0, output: ['bye'] } } } },
    async (desk) => {
      desk.file('pod.yaml', WEB);
      const up = desk.start(['up']);
      await until('it follows the logs', () => up.output().includes('Following the logs'));
      await begun(desk, /^container inspect/);
      up.kill('SIGINT');
      assertEnded(await up.end, 130, 'Stopping web', 'Stopped.');
      assert.deepEqual(
        ['web-app', 'web-side'].map((name) => desk.fake.container(name)?.state),
        ['exited', 'exited'],
      );
      assert.ok(desk.fake.changes().includes('pod stop --time 30 web'));
      assert.deepEqual(desk.fake.things().containers.length, 4);
      assertEnded(await desk.podpose('up', '-d'), 0);
      assert.equal(desk.fake.container('web-app')?.state, 'running');
    },
  );

  story(
    'while up --wait waits, SIGINT ends the wait and says that the pods run',
    {
      ...HAS_IMAGE,
      behaviours: { 'web-app': { runsFor: 150, exitCode: 3 } },
    },
    async (desk) => {
      desk.file('pod.yaml', WEB);
      const up = desk.start(['up', '--wait']);
      await until('it waits', () => up.output().includes('Waiting for pod/web'));
      up.kill('SIGINT');
      assertEnded(await up.end, 130, 'No longer waiting: the pods continue to run.');
      assert.equal(desk.fake.container('web-side')?.state, 'running');
    },
  );

  story(
    'attached, a second SIGINT kills the containers',
    { ...HAS_IMAGE, behaviours: { 'web-app': { onTerm: 'ignore' } } },
    async (desk) => {
      desk.file('pod.yaml', WEB);
      const up = desk.start(['up']);
      await begun(desk, /^container inspect/);
      up.kill('SIGINT');
      await begun(desk, /^pod stop/);
      up.kill('SIGINT');
      const ended = await up.end;
      assertEnded(ended, 130);
      assert.ok(ended.milliseconds < 20_000);
      assert.ok(desk.fake.changes().some((line) => /^kill .*\bweb-app\b/.test(line)));
      assert.match(ended.story, /^Killed\./m);
      assert.equal(desk.fake.container('web-app')?.exitCode, 137);
    },
  );

  story(
    'attached, a second SIGINT right after the first one kills the containers',
    { ...HAS_IMAGE, behaviours: { 'web-app': { onTerm: 'ignore' } } },
    async (desk) => {
      desk.file('pod.yaml', WEB.replace('spec:', 'spec:\n  terminationGracePeriodSeconds: 60'));
      const up = desk.start(['up']);
      await begun(desk, /^container inspect/);
      await until('it follows the logs', () => up.output().includes('Following the logs'));
      up.kill('SIGINT');
      await sleep(50);
      up.kill('SIGINT');
      const ended = await up.end;
      assertEnded(ended, 130, /^Killed\./m);
      assert.ok(ended.milliseconds < 40_000);
      assert.equal(desk.fake.container('web-app')?.exitCode, 137);
    },
  );

  for (const signals of [
    ['SIGHUP', 'SIGHUP'],
    ['SIGTERM', 'SIGTERM'],
    ['SIGINT', 'SIGHUP'],
  ] as const)
    story(
      `attached, ${signals.join(' and ')} respect the grace period`,
      { ...HAS_IMAGE, behaviours: { 'web-app': { onTerm: { after: 1500, exitCode: 0 } } } },
      async (desk) => {
        desk.file('pod.yaml', WEB);
        const up = desk.start(['up']);
        await begun(desk, /^container inspect/);
        up.kill(signals[0]);
        await begun(desk, /^pod stop/);
        up.kill(signals[1]);
        assertEnded(await up.end, 130, 'Stopped.');
        assert.equal(desk.fake.container('web-app')?.exitCode, 0);
      },
    );

  story('attached, --timeout stops the pods and fails', HAS_IMAGE, async (desk) => {
    desk.file('pod.yaml', WEB);
    const ended = await desk.podpose('up', '--timeout', '15s');
    assertEnded(ended, 1, 'Stopping web');
    assert.equal(desk.fake.container('web-app')?.state, 'exited');
  });

  story(
    '--wait ends at --timeout and keeps the containers running',
    { ...HAS_IMAGE, behaviours: { 'job-work': { runsFor: LONG, exitCode: 0 }, 'job-done': { exitCode: 0 } } },
    async (desk) => {
      desk.file(
        'pod.yaml',
        pod(
          'job',
          `  restartPolicy: Never\n  containers: [{name: work, image: '${IMAGE}'}, {name: done, image: '${IMAGE}'}]`,
        ),
      );
      const ended = await desk.podpose('up', '-d', '--wait', '--timeout', '15s');
      assert.equal(ended.code, 1, ended.story);
      assert.equal(desk.fake.container('job-work')?.state, 'running');
    },
  );

  story('SIGINT ends logs -f and keeps the containers running', HAS_IMAGE, async (desk) => {
    desk.file('pod.yaml', WEB);
    assertEnded(await desk.podpose('up', '-d'), 0);
    const logs = desk.start(['logs', '-f']);
    await until(
      'all logs are read',
      () => desk.fake.commands().filter(({ args }) => args[0] === 'logs').length >= 4,
    );
    logs.kill('SIGINT');
    assert.equal((await logs.end).code, 130);
    assert.equal(desk.fake.container('web-app')?.state, 'running');
  });

  story(
    'SIGINT during down: the next down removes the rest',
    { ...HAS_IMAGE, rules: [{ match: '^pod rm', delayMs: 1500 }] },
    async (desk) => {
      // More than are taken down side by side: of what waits for containers, four count as one.
      const specs = Array.from({ length: 8 * availableParallelism() + 1 }, (_, index) =>
        pod(`pod-${index}`, `  containers: [{name: app, image: '${IMAGE}'}]`),
      );
      desk.file('pod.yaml', specs.join('---\n'));
      assertEnded(await desk.podpose('up', '-d'), 0);
      const down = desk.start(['down']);
      await begun(desk, /^pod rm/);
      down.kill('SIGINT');
      assertEnded(await down.end, 130, 'Interrupted.');
      assertEnded(await desk.podpose('down'), 0);
      assert.deepEqual(desk.fake.things(), { pods: [], containers: [], volumes: [] });
    },
  );

  story(
    'two runs on one project: the second waits, and has nothing to do',
    { ...HAS_IMAGE, behaviours: { 'web-first': { onTerm: { exitCode: 0 } } } },
    async (desk) => {
      desk.file('pod.yaml', WEB);
      const first = desk.start(['up', '-d']);
      await running(desk, 'web-first');
      const second = desk.start(['up', '-d']);
      await until('the second says so', () =>
        /Waiting for the lock of project '\S+', held by podpose up, process \d+/.test(second.output()),
      );
      desk.fake.podman('stop', 'web-first');
      assertEnded(await first.end, 0);
      assertEnded(await second.end, 0, 'Nothing to do');
      assert.equal(desk.fake.commands().filter(({ args }) => args[0] === 'run').length, 4);
    },
  );

  story(
    'podpose killed while an init container runs: the next run continues',
    { ...HAS_IMAGE, behaviours: { 'web-first': [{ runsFor: 1500, exitCode: 0 }, { exitCode: 0 }] } },
    async (desk) => {
      desk.file('pod.yaml', WEB);
      const up = desk.start(['up', '-d']);
      await running(desk, 'web-first');
      up.kill('SIGKILL');
      await up.end;
      assertEnded(await desk.podpose('up', '-d'), 0);
      assert.deepEqual(desk.fake.things().containers, ['web-app', 'web-first', 'web-second', 'web-side']);
      assert.equal(desk.fake.container('web-side')?.state, 'running');
    },
  );
});
