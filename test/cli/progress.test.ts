import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Settings } from '../fake-podman/model.ts';
import { APP, assertEnded, HAS_IMAGE, IMAGE, SIDE_BY_SIDE, story } from './support.ts';

const TALKING: Settings = {
  ...HAS_IMAGE,
  behaviours: { 'app-setup': { exitCode: 0, output: ['one', { line: 'two', stream: 'stderr' }] } },
};

void describe('how progress is shown', SIDE_BY_SIDE, () => {
  story('plain: a line for each end, and what init containers print', TALKING, async (desk) => {
    desk.file('pod.yaml', APP);
    const ended = await desk.podpose('up', '-d');
    assertEnded(ended, 0);
    assert.equal(ended.stdout, '');
    const lines = ended.stderr
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/ in [\d.]+ s$/, ''));
    // The two streams of a program come in any order.
    assert.deepEqual(
      [...lines.slice(0, 2), ...lines.slice(2, 4).sort(), ...lines.slice(4)],
      [
        'pod/app                 created',
        'pod/app init/setup      started',
        '[app/setup] one',
        '[app/setup] two',
        'pod/app init/setup      completed',
        'pod/app container/main  started',
      ],
    );
  });

  story('quiet: nothing where all goes well', TALKING, async (desk) => {
    desk.file('pod.yaml', APP);
    const ended = await desk.run(['up', '-d'], { env: { PODPOSE_PROGRESS: 'quiet' } });
    assertEnded(ended, 0);
    assert.equal(ended.stdout + ended.stderr, '');
  });

  story('json: an object a line, for programs', TALKING, async (desk) => {
    desk.file('pod.yaml', APP);
    const ended = await desk.podpose('--progress', 'json', 'up', '-d');
    assertEnded(ended, 0);
    const events = ended.stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    assert.equal(events[0]?.['type'], 'plan-started');
    assert.equal(events[0]['project'], desk.project);
    assert.equal(events.at(-1)?.['type'], 'plan-finished');
    assert.equal(events.at(-1)?.['status'], 'done');
    assert.equal(events.filter(({ type }) => type === 'step-succeeded').length, 3);
    assert.deepEqual(
      events
        .filter(({ type }) => type === 'step-output')
        .map(({ line, stream }) => `${String(stream)} ${String(line)}`)
        .filter((text) => / (one|two)$/.test(text))
        .sort(),
      ['stderr two', 'stdout one'],
    );
  });

  story('json says what has failed', { absentImages: ['app'] }, async (desk) => {
    desk.file('pod.yaml', APP);
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

  story('-v prints each command of podman, fit for a shell', TALKING, async (desk) => {
    desk.file('pod.yaml', APP);
    const ended = await desk.podpose('-v', 'up', '-d');
    assertEnded(ended, 0);
    const shown = ended.stderr.split('\n').filter((line) => line.startsWith('$ '));
    assert.equal(shown.length, desk.fake.commands().length);
    assert.ok(shown.includes('$ podman --version'));
    assert.ok(
      shown.some((line) =>
        /^\$ podman run --pod app --name app-setup .*--label 'podpose\.spec=\{.*\}' .*app:1$/.test(line),
      ),
    );
  });

  story('colours only where they are wanted', HAS_IMAGE, async (desk) => {
    desk.file('pod.yaml', APP);
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
