import assert from 'node:assert/strict';
import { describe } from 'node:test';
import {
  assertEnded,
  assertRefused,
  HAS_IMAGE,
  IMAGE,
  pod,
  shortChanges,
  SIDE_BY_SIDE,
  story,
  until,
  WEB,
  type Desk,
} from './support.ts';

const ONE = pod('one', `  containers: [{name: app, image: '${IMAGE}'}]`);

async function up(desk: Desk, manifest = WEB): Promise<void> {
  desk.file('pod.yaml', manifest);
  assertEnded(await desk.podpose('up', '-d'), 0);
  desk.fake.forgetCommands();
}

function statesOf({ fake }: Desk, ...names: readonly string[]): readonly (string | undefined)[] {
  return names.map((name) => fake.container(name)?.state);
}

void describe('start, stop, restart and kill', SIDE_BY_SIDE, () => {
  story('stop keeps the pods, start starts them again, and both are idempotent', HAS_IMAGE, async (desk) => {
    await up(desk, `${WEB}---\n${ONE}`);
    assertEnded(await desk.podpose('stop', '-t', '2'), 0, /pod\/web +stopped/, /pod\/one +stopped/);
    assert.deepEqual(shortChanges(desk.fake).toSorted(), [
      '--max-workers 5 pod stop --time 2 web',
      'pod stop --time 2 one',
    ]);
    assert.deepEqual(statesOf(desk, 'web-app', 'web-side', 'one-app'), ['exited', 'exited', 'exited']);
    assertEnded(await desk.podpose('stop'), 0, 'Nothing to do: one, web are stopped.');
    assert.match((await desk.podpose('ps')).stdout, /^web +0\/2 +Error/m);
    desk.fake.forgetCommands();
    assertEnded(await desk.podpose('start', 'web'), 0, /pod\/web init\/first +completed/);
    const starts = shortChanges(desk.fake).filter((line) => /^start .*web-/.test(line));
    assert.deepEqual(starts.slice(0, 2), [
      'start --attach --sig-proxy=false web-first',
      'start --attach --sig-proxy=false web-second',
    ]);
    assert.deepEqual(starts.slice(2).toSorted(), ['start web-app', 'start web-side']);
    assert.deepEqual(statesOf(desk, 'web-app', 'web-side', 'one-app'), ['running', 'running', 'exited']);
    assertEnded(await desk.podpose('start', 'pod/web'), 0, 'Nothing to do: web is running or completed.');
    desk.fake.podman('rm', '--force', '--time', '0', 'web-side');
    const named =
      "Nothing to do: web is running or completed. Not created: web/side. 'podpose up -d FILE' creates it.";
    assertEnded(await desk.podpose('start', 'pod/web'), 0, named);
    assertEnded(await desk.podpose('up', '-d'), 0);
    assert.deepEqual(statesOf(desk, 'one-app'), ['running']);
    assertEnded(await desk.podpose('plan'), 0);
  });

  story(
    'start leaves what has completed, and says how to run it again',
    { ...HAS_IMAGE, behaviours: { 'one-app': { exitCode: 0, runsFor: 100 } } },
    async (desk) => {
      const spec = `  restartPolicy: Never\n  containers: [{name: app, image: '${IMAGE}'}]`;
      desk.file('pod.yaml', pod('one', spec));
      assertEnded(await desk.podpose('up', '-d'), 0);
      await until('it has completed', () => desk.fake.container('one-app')?.state === 'exited');
      const again =
        "Nothing to do: one is running or completed. 'podpose -p demo restart one' runs it again.";
      assertEnded(
        await desk.podpose('-p', desk.project, 'start', 'one'),
        0,
        again.replace('demo', desk.project),
      );
      desk.fake.forgetCommands();
      assertEnded(await desk.podpose('restart', 'one'), 0);
      assert.ok(shortChanges(desk.fake).includes('start one-app'));
    },
  );

  story(
    'a stop may take as long as the grace period of the pod, and Ctrl-C twice kills',
    HAS_IMAGE,
    async (desk) => {
      desk.fake.set({ ...HAS_IMAGE, behaviours: { 'one-app': { onTerm: 'ignore' } } });
      await up(desk, ONE);
      const stop = desk.start(['stop', 'one']);
      await until(
        'the stop begins',
        () => stop.output().includes('pod/one') || desk.fake.changes().length > 0,
      );
      stop.kill('SIGINT');
      await until('the first signal is reported', () => stop.output().includes('Ctrl-C again'));
      stop.kill('SIGINT');
      const ended = await stop.end;
      assertEnded(ended, 0, /pod\/one +stopped/);
      assert.ok(ended.milliseconds < 20_000);
      assert.deepEqual(statesOf(desk, 'one-app'), ['exited']);
    },
  );

  story(
    'start retries a failing init container, and says when it is not tried again',
    {
      ...HAS_IMAGE,
      behaviours: { 'web-first': [{ exitCode: 0 }, { exitCode: 3, output: ['no luck'] }, { exitCode: 0 }] },
    },
    async (desk) => {
      await up(desk);
      assertEnded(await desk.podpose('stop', '-t', '0'), 0);
      const start = desk.start(['start']);
      await until('it is retried', () => start.output().includes('failed (exit code 3), retrying'));
      assertEnded(await start.end, 0, '[web/first] no luck');
      assert.deepEqual(statesOf(desk, 'web-app'), ['running']);
    },
  );

  story('restart of a pod, and of a container', HAS_IMAGE, async (desk) => {
    await up(desk);
    assertEnded(await desk.podpose('restart', 'web/app'), 0);
    assert.deepEqual(shortChanges(desk.fake), ['stop --time 30 web-app', 'start web-app']);
    desk.fake.forgetCommands();
    assertEnded(await desk.podpose('restart', 'web', '-t', '1'), 0);
    const changes = shortChanges(desk.fake);
    assert.equal(changes[0], '--max-workers 5 pod stop --time 1 web');
    assert.ok(changes.includes('start --attach --sig-proxy=false web-first'));
    assert.deepEqual(statesOf(desk, 'web-app', 'web-side'), ['running', 'running']);
  });

  story(
    'start and restart check what they have started',
    {
      ...HAS_IMAGE,
      behaviours: { 'one-app': [{}, { runsFor: 40, exitCode: 3, output: ['gone'] }] },
    },
    async (desk) => {
      await up(desk, ONE.replace('  containers:', '  restartPolicy: Never\n  containers:'));
      const failed = 'pod/one container/app failed with exit code 3\n   | gone';
      assertEnded(await desk.podpose('restart', 'one', '-t', '0'), 1, failed);
      assertEnded(await desk.podpose('start', 'one'), 1, failed, 'podpose logs one/app');
    },
  );

  story('kill sends a signal to the containers of a pod, or to one', HAS_IMAGE, async (desk) => {
    await up(desk);
    const isRunning = (name: string) => desk.fake.container(name)?.state === 'running';
    assertEnded(await desk.podpose('kill', '--signal=10', 'web'), 0, 'SIGUSR1 sent');
    assert.deepEqual(desk.fake.changes(), ['kill --signal SIGUSR1 web-app web-side']);
    await until('both have ended', () => !isRunning('web-app') && !isRunning('web-side'));
    assertEnded(await desk.podpose('start', 'web'), 0);
    desk.fake.forgetCommands();
    assertEnded(await desk.podpose('kill', '-s', 'hup', 'web/app'), 0, /container\/app +SIGHUP sent/);
    assertEnded(await desk.podpose('kill', 'web/side'), 0, 'SIGKILL sent');
    assert.deepEqual(desk.fake.changes(), ['kill --signal SIGHUP web-app', 'kill --signal SIGKILL web-side']);
    await until('it has ended', () => !isRunning('web-side'));
    assertRefused(
      await desk.podpose('kill', 'web/side'),
      1,
      'cannot send a signal to web/side: it is not running',
    );
  });

  story('what is not possible', HAS_IMAGE, async (desk) => {
    await up(desk, `${WEB}---\n${ONE}`);
    desk.file('other/other.yaml', ONE);
    const before = desk.fake.changes();
    const mistakes: readonly (readonly [readonly string[], number, ...(string | RegExp)[]])[] = [
      [['stop', 'web/app'], 2, 'cannot stop a container of a pod: web/app', 'podpose stop web'],
      [['start', 'web/app'], 2, 'cannot start a container of a pod: web/app'],
      [['restart', 'web/first'], 2, 'cannot restart an init container alone', 'podpose restart web'],
      [['restart', 'other/other.yaml', 'web'], 2, /not to 'other', the project of other\/other.yaml/],
      [['restart', 'wbe'], 2, "no such pod: wbe, did you mean 'web'?"],
      [['restart', 'web/nosuch'], 2, 'no such container: web/nosuch', 'Containers: app, side.'],
      [['stop', '-t', 'soon'], 2, "invalid value 'soon' for --time"],
      [['kill'], 2, 'kill needs a pod or a container'],
      [['kill', '-s', 'SIGNOT', 'web'], 2, "invalid value 'SIGNOT' for --signal"],
      [['kill', '-s', '65', 'web'], 2, "invalid value '65' for --signal"],
    ];
    for (const [args, code, ...words] of mistakes) assertRefused(await desk.podpose(...args), code, ...words);
    assert.deepEqual(desk.fake.changes(), before);
    assertEnded(await desk.podpose('-p', 'elsewhere', 'stop'), 0, "No pods in project 'elsewhere'.");
    desk.fake.podman('rm', '--force', 'web-first');
    assertRefused(
      await desk.podpose('restart', 'web'),
      1,
      'cannot start pod/web without its manifest: init/first does not exist',
      'podpose up -d FILE',
    );
    assert.deepEqual(statesOf(desk, 'web-app'), ['running']);
  });
});
