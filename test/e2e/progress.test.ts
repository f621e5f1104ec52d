import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { eventually } from './support/eventually.ts';
import { BUSYBOX, TEST_IMAGE } from './support/images.ts';
import { at, parse, textAt } from './support/json.ts';
import { containerState } from './support/podman.ts';
import { PODPOSE, scenario, type Scenario } from './support/scenario.ts';

const INIT_AND_APP = `
  terminationGracePeriodSeconds: 5
  initContainers:
    - name: unpack
      image: ${BUSYBOX}
      command: [sh, -c, 'for n in 1 2 3; do echo "unpacked $n of 3"; done; while [ ! -e /shared/gate ]; do sleep 0.1; done; echo unpacked all']
      volumeMounts: [{ name: shared, mountPath: /shared }]
  containers:
    - { name: app, image: ${TEST_IMAGE} }
  volumes:
    - { name: shared, hostPath: { path: shared } }`;

/** Starts podpose in a pseudo-terminal of 100 columns. */
const inTerminal = ({ startProgram }: Scenario, ...args: readonly string[]) =>
  startProgram(
    'script',
    [
      '-qefc',
      `stty cols 100 rows 30; exec '${process.execPath}' '${PODPOSE}' ${args.join(' ')}`,
      '/dev/null',
    ],
    { env: { TERM: 'xterm-256color', CI: undefined } },
  );

scenario('In a terminal, the output of a running init container is shown live under it', async (story) => {
  const { id, directory, step, pod, file } = story;
  await mkdir(join(directory, 'shared'));
  await pod(INIT_AND_APP);
  const up = inTerminal(story, 'up', '-d');
  const screen = () => stripVTControlCharacters(up.output());

  await step('its last lines are there while it still runs', async () => {
    await eventually('unpacked 3 of 3', () => {
      if (screen().includes('unpacked 3 of 3')) return true;
      throw new Error(screen());
    });
    assert.equal((await containerState(`${id}-unpack`)).status, 'running');
    assert.match(screen(), /unpack/);
  });
  await step('the time that it has taken goes on', async () => {
    await eventually('two different times', () => {
      const times = new Set(screen().match(/\b\d+(\.\d)? ?s\b/g) ?? []);
      return times.size >= 2 ? true : undefined;
    });
  });
  await step('the picture ends with what was done, and the cursor comes back', async () => {
    await file('shared/gate', '');
    const ended = await up.end;
    assert.equal(ended.code, 0, ended.story);
    assert.match(screen(), /app/);
    const output = up.output();
    assert.ok(output.includes('\u001B[?25l'), 'it was drawn as a picture');
    assert.ok(output.lastIndexOf('\u001B[?25h') > output.lastIndexOf('\u001B[?25l'), 'the cursor is hidden');
  });
  await step('no line was wider than the terminal', () => {
    for (const line of screen().split(/[\r\n]+/)) assert.ok(line.length <= 100, line);
  });
});

scenario('Ctrl-C in a terminal stops the pod', async (story) => {
  const { id, directory, step, pod, file } = story;
  await mkdir(join(directory, 'shared'));
  await file('shared/gate', '');
  await pod(INIT_AND_APP);
  const up = inTerminal(story, 'up');
  await eventually('the logs', () => (up.output().includes('args: entrypoint cmd') ? true : undefined));
  await step('the key reaches podpose and not podman: the pod ends well, podpose with 130', async () => {
    up.type('\u0003');
    const ended = await up.end;
    assert.equal(ended.code, 130, ended.story);
    const { status, exitCode } = await containerState(`${id}-app`);
    assert.deepEqual([status, exitCode], ['exited', 0]);
  });
});

scenario('Ctrl-C in a terminal while an init container runs stops that', async (story) => {
  const { id, directory, step, pod } = story;
  await mkdir(join(directory, 'shared'));
  await pod(INIT_AND_APP);
  const up = inTerminal(story, 'up');
  await eventually('its output', () => (up.output().includes('unpacked 3 of 3') ? true : undefined));
  await step('podpose ends with 130, the init container has ended, the cursor is back', async () => {
    up.type('\u0003');
    const ended = await up.end;
    assert.equal(ended.code, 130, ended.story);
    assert.equal((await containerState(`${id}-unpack`)).status, 'exited');
    assert.ok(ended.stdout.lastIndexOf('\u001B[?25h') > ended.stdout.lastIndexOf('\u001B[?25l'));
  });
});

scenario('Progress as JSON is one object a line, from the first step to the last', async (story) => {
  const { id, directory, step, pod, file, ok } = story;
  await mkdir(join(directory, 'shared'));
  await file('shared/gate', '');
  await pod(INIT_AND_APP);
  const { stdout, stderr } = await ok('up', '-d', '--progress', 'json');
  const events = stderr.trim().split('\n').map(parse);
  const ofType = (type: string) => events.filter((event) => at(event, 'type') === type);
  const ids = (type: string) => ofType(type).map((event) => textAt(event, 'step', 'id'));
  await step('it begins with the plan and ends with its end', () => {
    assert.equal(at(events[0], 'type'), 'plan-started');
    assert.equal(at(events[0], 'formatVersion'), '1.0');
    assert.equal(at(events.at(-1), 'type'), 'plan-finished');
    assert.equal(at(events.at(-1), 'status'), 'done');
    assert.equal(stdout, '');
  });
  await step('every step that was begun has succeeded', () => {
    assert.ok(ids('step-started').length >= 3);
    assert.deepEqual(ids('step-succeeded').sort(), ids('step-started').sort());
  });
  await step('the output of the init container is in it', () => {
    const lines = ofType('step-output')
      .filter((event) => at(event, 'step', 'container') === 'unpack' && at(event, 'step', 'pod') === id)
      .map((event) => at(event, 'line'));
    assert.deepEqual(lines, ['unpacked 1 of 3', 'unpacked 2 of 3', 'unpacked 3 of 3', 'unpacked all']);
  });
});

scenario('Where there is no terminal, progress is lines that stay, and quiet says nothing', async (story) => {
  const { directory, step, pod, file, ok } = story;
  await mkdir(join(directory, 'shared'));
  await file('shared/gate', '');
  await pod(INIT_AND_APP);
  await step('plain lines without colours, none on standard output', async () => {
    const { stdout, stderr } = await ok('up', '-d');
    assert.match(stderr, /unpacked 3 of 3\n/);
    assert.equal(stderr, stripVTControlCharacters(stderr));
    assert.equal(stdout, '');
  });
  await step('quiet is quiet', async () => {
    const { stdout, stderr } = await ok('up', '-d', '--progress', 'quiet', '--force-recreate');
    assert.deepEqual([stdout, stderr], ['', '']);
  });
});
