import assert from 'node:assert/strict';
import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BUSYBOX, TEST_IMAGE } from './support/images.ts';
import { eventually } from './support/eventually.ts';
import { livePod } from './support/live-pod.ts';
import { containerState, exec, PODMAN } from './support/podman.ts';
import type { Running } from './support/program.ts';
import { assertNothingLeft, podText, scenario, type Scenario } from './support/scenario.ts';

/** A pod that takes a while to come up: until its init container has found the file /gate/open. */
const gated = (version: string) => `
  terminationGracePeriodSeconds: 5
  initContainers:
    - name: gate
      image: ${BUSYBOX}
      command: [sh, -c, "trap 'exit 1' TERM; until [ -e /gate/open ]; do sleep 0.1; done"]
      volumeMounts: [{ name: gate, mountPath: /gate }]
  containers:
    - { name: app, image: ${TEST_IMAGE}, env: [{ name: VERSION, value: ${version} }] }
    - { name: aside, image: ${TEST_IMAGE}, env: [{ name: PORT, value: "8081" }, { name: VERSION, value: ${version} }] }
  volumes: [{ name: gate, hostPath: { path: gate, type: DirectoryOrCreate } }]`;

function said(running: Running, words: RegExp): Promise<string> {
  return eventually(`${words.source} is said`, () => {
    const output = running.output();
    return words.test(output) ? output : undefined;
  });
}

/** Starts `up`, and waits until it is at work: its init container runs. */
async function upAtWork({ start, id }: Scenario, file: string): Promise<{ up: Running; pid: string }> {
  const up = start(['up', '-d', file]);
  await eventually('the init container runs', async () =>
    (await containerState(`${id}-gate`).catch(() => undefined))?.status === 'running' ? true : undefined,
  );
  // It is asked who it is by another, that gives up at once.
  const other = start(['up', '-d', file]);
  const words = await said(
    other,
    /^Waiting for the lock of project '\S+', held by podpose up, process \d+\.$/m,
  );
  other.kill('SIGINT');
  const ended = await other.end;
  assert.equal(ended.code, 130, ended.story);
  return { up, pid: /process (\d+)/.exec(words)?.[1] ?? '' };
}

const WHOSE = /^(\w+) (\d+) (\d+) (.*)$/;

scenario('Of two ups of one project one works, and the other waits its turn', async (story) => {
  const { id, directory, env, step, file, start, ok } = story;
  // The watcher of the first asks podman while the second works.
  env['PODPOSE_WATCH'] = 'off';
  // podman, with a note of when each command that changes something begins and ends, and of which podpose has called it: the
  // parent of the command's session, which may be that of a shell that runs podman several times.
  const [wrapper, log] = [join(directory, 'noting-podman'), join(directory, 'log')];
  await file(
    'noting-podman',
    `#!/bin/sh
case "$1 $2" in
  ps\\ * | images\\ * | volume\\ ls | --version\\ * | info\\ * | system\\ *) exec ${PODMAN} "$@" ;;
esac
read -r _ _ _ _ _ session _ </proc/$$/stat
read -r _ _ _ caller _ </proc/$session/stat
note() { echo "$1 $caller $(date +%s%N) $2" >> ${log}; }
note begin "$1 $2"
${PODMAN} "$@"
code=$?
note end "$1 $2"
exit $code
`,
  );
  await chmod(wrapper, 0o755);
  const spec = (version: string) =>
    podText(id, gated(version).replace('until [ -e /gate/open ]; do sleep 0.1; done', 'sleep 0.5'));
  await file('one.yaml', spec('one'));
  await file('two.yaml', spec('two'));
  await file('log', '');

  // Commands, which the wrapper can note.
  const ups = ['one.yaml', 'two.yaml'].map((name) =>
    start(['--podman', wrapper, 'up', '-d', name], { env: { PODPOSE_SERVICE: 'off' } }),
  );
  const ends = await step('both succeed', async () => {
    const both = await Promise.all(ups.map(({ end }) => end));
    for (const ended of both) assert.equal(ended.code, 0, ended.story);
    return both;
  });
  await step('one of them has waited, and has said for whom', () => {
    const waited = ends.filter(({ stderr }) =>
      /^Waiting for the lock of project .*, held by podpose up, process \d+/m.test(stderr),
    );
    assert.equal(waited.length, 1, ends.map(({ story: told }) => told).join('\n'));
  });
  await step('no command of the one was begun before the last of the other had ended', async () => {
    const lines = (await readFile(log, 'utf8')).trimEnd().split('\n');
    const notes = lines.map((line) => {
      const [, what = '', caller = '', time = ''] = WHOSE.exec(line) ?? [];
      return { what, caller, time: BigInt(time) };
    });
    const callers = [...new Set(notes.map(({ caller }) => caller))];
    assert.equal(callers.length, 2, lines.join('\n'));
    const [first, second] = callers.map((caller) => notes.filter((note) => note.caller === caller));
    assert.ok(first !== undefined && second !== undefined);
    assert.ok((first.at(-1)?.time ?? 0n) < (second[0]?.time ?? 0n), lines.join('\n'));
  });
  await step('what runs is what the one says that came last', async () => {
    const last = ends.findIndex(({ stderr }) => stderr.includes('Waiting for')) === 0 ? 'one' : 'two';
    await ok('plan', '--detailed-exitcode', `${last}.yaml`);
    for (const name of ['app', 'aside'])
      assert.match(await exec(`${id}-${name}`, 'env'), new RegExp(`^VERSION=${last}$`, 'm'));
    assert.deepEqual(Object.keys((await livePod(id)).containers), ['app', 'aside', 'gate']);
  });
});

scenario('Whoever would change a project at work waits, and nobody else does', async (story) => {
  const { id, directory, step, file, start, ok, startProgram } = story;
  await file('pod.yaml', podText(id, gated('one')));
  await file('other.yaml', podText(`${id}-other`, `\n  containers: [{ name: app, image: ${TEST_IMAGE} }]`));
  const { up, pid } = await step('an up that waits says for whom, and Ctrl-C ends it', () =>
    upAtWork(story, 'pod.yaml'),
  );
  const gate = await containerState(`${id}-gate`);

  const down = start(['down', 'pod.yaml']);
  await step('down waits, too', () => said(down, new RegExp(`held by podpose up, process ${pid}\\.`)));
  await step('what only looks does not wait', async () => {
    await ok('validate');
    await ok('plan');
    await ok('up', '--dry-run');
    await ok('ps');
    await ok('logs', id);
  });
  await step('nor does another project', async () => {
    await ok('-p', `${id}-other`, 'up', '-d', 'other.yaml');
    await ok('-p', `${id}-other`, 'down', 'other.yaml');
  });
  await step('all that has not touched what is at work', async () => {
    assert.deepEqual(await containerState(`${id}-gate`), gate);
  });
  await step('once the up is done, the down is', async () => {
    await startProgram('touch', [join(directory, 'gate', 'open')]).end;
    for (const running of [up, down]) {
      const ended = await running.end;
      assert.equal(ended.code, 0, ended.story);
    }
    await assertNothingLeft(story);
  });
  await step('an up that only follows the logs holds nobody up', async () => {
    const attached = start(['up', 'pod.yaml']);
    await said(attached, /Following the logs/);
    await ok('up', '-d', 'pod.yaml');
    await ok('down', 'pod.yaml');
    await attached.end;
    await assertNothingLeft(story);
  });
});

scenario('One that was killed holds nobody up', async (story) => {
  const { id, directory, step, file, start, ok, startProgram } = story;
  await file('pod.yaml', podText(id, gated('one')));
  const { up, pid } = await upAtWork(story, 'pod.yaml');
  const waiting = start(['up', '-d', 'pod.yaml']);
  await said(waiting, new RegExp(`held by podpose up, process ${pid}\\.`));
  await startProgram('touch', [join(directory, 'gate', 'open')]).end;
  await step('who has waited goes on', async () => {
    up.kill('SIGKILL');
    assert.equal((await up.end).signal, 'SIGKILL');
    const ended = await waiting.end;
    assert.equal(ended.code, 0, ended.story);
    await ok('plan', '--detailed-exitcode');
    assert.deepEqual(Object.keys((await livePod(id)).containers), ['app', 'aside', 'gate']);
  });
  await step('who comes later does not wait at all', async () => {
    assert.doesNotMatch((await ok('up', '-d', 'pod.yaml')).stderr, /Waiting/);
    assert.doesNotMatch((await ok('down')).stderr, /Waiting/);
  });
});
