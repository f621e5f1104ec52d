import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Settings } from '../fake-podman/model.ts';
import { assertEnded, HAS_IMAGE, IMAGE, pod, SIDE_BY_SIDE, story, until } from './support.ts';

/** More than node takes for a leak when they all wait for one signal. */
const NAMES = Array.from({ length: 15 }, (_, index) => `c${index.toString().padStart(2, '0')}`);
const MANY = pod(
  'many',
  `  restartPolicy: OnFailure
  containers:\n${NAMES.map((name) => `  - {name: ${name}, image: '${IMAGE}'}`).join('\n')}`,
);
const ENDING: Settings = {
  ...HAS_IMAGE,
  behaviours: Object.fromEntries(
    NAMES.map((name) => [`many-${name}`, { exitCode: 0, runsFor: 1500, output: [`hello from ${name}`] }]),
  ),
};

void describe('many containers', SIDE_BY_SIDE, () => {
  story('15 that are followed until they end, without warnings of node', ENDING, async (desk) => {
    desk.file('pod.yaml', MANY);
    const ended = await desk.podpose('--progress', 'quiet', 'up');
    assertEnded(ended, 0);
    assert.equal(ended.stdout.match(/hello from/g)?.length, NAMES.length);
    assert.equal(ended.stderr, '');
  });

  story('15, followed and interrupted', HAS_IMAGE, async (desk) => {
    desk.file('pod.yaml', MANY);
    const running = desk.start(['--progress', 'quiet', 'up']);
    await until('all run', () => desk.fake.commands().filter(({ args }) => args[0] === 'logs').length === 15);
    running.kill('SIGINT');
    const ended = await running.end;
    assertEnded(ended, 130);
    assert.equal(ended.stderr, '');
  });

  story('logs of 15, followed', HAS_IMAGE, async (desk) => {
    desk.file('pod.yaml', MANY);
    assertEnded(await desk.podpose('up', '-d'), 0);
    const running = desk.start(['logs', '-f']);
    await until(
      'all are followed',
      () => desk.fake.commands().filter(({ args }) => args[0] === 'logs').length === 15,
    );
    running.kill('SIGINT');
    const ended = await running.end;
    assert.equal(ended.code, 130, ended.story);
    assert.equal(ended.stderr, '');
  });
});
