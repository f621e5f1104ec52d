import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Settings } from '../fake-podman/model.ts';
import { progressLines } from '../support/progress-schema.ts';
import { APP, assertEnded, HAS_IMAGE, IMAGE, SIDE_BY_SIDE, story, until } from './support.ts';

/** podman restarts nothing of it, which podpose would report. */
const ONCE = APP.replace('spec:\n', 'spec:\n  restartPolicy: Never\n');

const TALKING: Settings = {
  ...HAS_IMAGE,
  behaviours: { 'app-setup': { exitCode: 0, output: ['one', { line: 'two', stream: 'stderr' }] } },
};

void describe('progress output', SIDE_BY_SIDE, () => {
  story('plain: a line for each finished step, and the output of init containers', TALKING, async (desk) => {
    desk.file('pod.yaml', ONCE);
    const ended = await desk.podpose('up', '-d');
    assertEnded(ended, 0);
    assert.equal(ended.stdout, '');
    const lines = ended.stderr
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/ in [\d.]+ s$/, '').replace(/ {2,}/, '  '));
    // The two streams of a program come in any order.
    assert.deepEqual(
      [...lines.slice(0, 3), ...lines.slice(3, 5).sort(), ...lines.slice(5)],
      [
        `network/podpose-${desk.project}  created`,
        'pod/app  created',
        'pod/app init/setup  started',
        '[app/setup] one',
        '[app/setup] two',
        'pod/app init/setup  completed',
        'pod/app container/main  started',
      ],
    );
  });

  story('quiet: nothing on success', TALKING, async (desk) => {
    desk.file('pod.yaml', ONCE);
    const ended = await desk.run(['up', '-d'], { env: { PODPOSE_PROGRESS: 'quiet' } });
    assertEnded(ended, 0);
    assert.equal(ended.stdout + ended.stderr, '');
  });

  story('json: one object per line', { ...TALKING, version: '5.4.2' }, async (desk) => {
    desk.file('pod.yaml', ONCE);
    const ended = await desk.podpose('--progress', 'json', 'up', '-d');
    assertEnded(ended, 0);
    const events = progressLines(ended.stderr);
    assert.equal(events[0]?.['type'], 'plan-started');
    assert.equal(events[0]['project'], desk.project);
    assert.equal(events.at(-1)?.['type'], 'plan-finished');
    assert.equal(events.at(-1)?.['status'], 'done');
    assert.equal(events.filter(({ type }) => type === 'step-succeeded').length, 4);
    assert.deepEqual(
      events
        .filter(({ type }) => type === 'step-output')
        .map(({ line, stream }) => `${String(stream)} ${String(line)}`)
        .filter((text) => / (one|two)$/.test(text))
        .sort(),
      ['stderr two', 'stdout one'],
    );
  });

  story('json reports failures', { absentImages: ['app'] }, async (desk) => {
    desk.file('pod.yaml', ONCE);
    const ended = await desk.podpose('up', '-d', '--progress', 'json');
    assert.equal(ended.code, 1, ended.story);
    const finished = ended.stderr.split('\n').find((line) => line.includes('"plan-finished"'));
    assert.ok(finished !== undefined);
    const { status, failed } = JSON.parse(finished) as {
      readonly status: string;
      readonly failed: readonly string[];
    };
    assert.deepEqual({ status, failed }, { status: 'failed', failed: [`pull/${IMAGE}`] });
  });

  const UNCHANGED = ['plan-started', 'plan-finished'];
  const typesOf = (stderr: string) => progressLines(stderr).map(({ type }) => type);

  story('json and quiet with nothing to do', HAS_IMAGE, async (desk) => {
    desk.file('pod.yaml', ONCE);
    const down = await desk.podpose('down', '--progress', 'json');
    assertEnded(down, 0);
    assert.deepEqual(typesOf(down.stderr), UNCHANGED);
    const silent = await desk.podpose('down', '--progress', 'quiet');
    assertEnded(silent, 0);
    assert.equal(silent.stderr, '');
    assertEnded(await desk.podpose('up', '-d'), 0);
    const up = await desk.podpose('up', '-d', '--progress=json');
    assertEnded(up, 0);
    assert.deepEqual(typesOf(up.stderr), UNCHANGED);
    assert.equal(progressLines(up.stderr)[1]?.['status'], 'done');
    assert.equal((await desk.podpose('up', '-d', '--progress=quiet')).stderr, '');
  });

  story('json: warnings, errors, messages and commands are objects, too', HAS_IMAGE, async (desk) => {
    const env = { PODPOSE_PROGRESS: 'json', FORCE_COLOR: '1' };
    const show = async (...args: readonly string[]) => {
      const { stderr, code } = await desk.run(args, { env });
      return { code, types: [...new Set(typesOf(stderr))], lines: progressLines(stderr) };
    };
    desk.file('pod.yaml', ONCE.replace('spec:', 'spec:\n  nodeName: n1'));
    const plan = await show('plan');
    assert.deepEqual([plan.code, plan.types], [0, ['diagnostic']]);
    assert.equal(plan.lines[0]?.['path'], 'spec.nodeName');
    const up = await show('-v', 'up', '-d');
    assert.equal(up.code, 0);
    assert.ok(
      ['diagnostic', 'command', 'plan-started', 'plan-finished'].every((type) => up.types.includes(type)),
    );
    const others: readonly (readonly [readonly string[], number, string])[] = [
      [['ps', '-p', 'nobody'], 0, 'message'],
      [['logs', 'nobody'], 2, 'diagnostic'],
      [['up', 'nosuch.yaml'], 2, 'diagnostic'],
      [['up', '--nosuch'], 2, 'diagnostic'],
      [['up', '--color', 'x'], 2, 'diagnostic'],
      [['frobnicate'], 2, 'diagnostic'],
    ];
    for (const [args, code, type] of others) {
      const shown = await show(...args);
      assert.deepEqual([shown.code, shown.types], [code, [type]], args.join(' '));
    }
    const without = await desk.podpose('--progress', 'json', 'up', '--nosuch');
    assert.deepEqual(typesOf(without.stderr), ['diagnostic']);
  });

  story('json: up interrupted while it follows the logs', HAS_IMAGE, async (desk) => {
    desk.file('pod.yaml', ONCE.replace('initContainers', '#'));
    const running = desk.start(['up', '--progress', 'json']);
    await until('logs are followed', () => desk.fake.commands().some(({ args }) => args[0] === 'logs'));
    running.kill('SIGINT');
    const ended = await running.end;
    assertEnded(ended, 130);
    assert.ok(
      progressLines(ended.stderr).some(({ message }) =>
        /^Stopping app \(up to \d+ s\)\./.test(String(message)),
      ),
    );
  });

  story('an empty PODPOSE_PROGRESS is unset', HAS_IMAGE, async (desk) => {
    desk.file('pod.yaml', ONCE);
    assertEnded(await desk.run(['up', '-d'], { env: { PODPOSE_PROGRESS: '' } }), 0, 'started');
  });

  story('-v prints each podman command, ready to paste', { ...TALKING, version: '5.4.2' }, async (desk) => {
    desk.file('pod.yaml', ONCE);
    // The fake podman makes changes by command only.
    const ended = await desk.run(['-v', 'up', '-d'], { env: { PODPOSE_SERVICE: 'off' } });
    assertEnded(ended, 0);
    const shown = ended.stderr.split('\n').filter((line) => line.startsWith('$ '));
    const ofPodman = shown.filter((line) => line.startsWith('$ podman '));
    assert.equal(ofPodman.length, desk.fake.commands().length);
    assert.ok(shown.includes('$ podman --version'));
    assert.ok(
      shown.some((line) =>
        /^\$ podman run --pod app --name app-setup .*--label 'podpose\.spec=\{.*\}' .*app:1$/.test(line),
      ),
    );
  });

  story('colours only if enabled', HAS_IMAGE, async (desk) => {
    desk.file('pod.yaml', ONCE);
    const colour = /\x1b\[/;
    assert.doesNotMatch((await desk.podpose('plan')).stdout, colour);
    assert.match((await desk.podpose('plan', '--color', 'always')).stdout, colour);
    assert.match((await desk.run(['plan'], { env: { FORCE_COLOR: '1' } })).stdout, colour);
    assert.doesNotMatch(
      (await desk.run(['plan', '--color', 'never'], { env: { FORCE_COLOR: '1' } })).stdout,
      colour,
    );
  });
});
