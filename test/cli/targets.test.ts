import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { Settings } from '../fake-podman/model.ts';
import {
  assertEnded,
  assertRefused,
  HAS_IMAGE,
  IMAGE,
  pod,
  SIDE_BY_SIDE,
  story,
  type Desk,
} from './support.ts';

const TALKING: Settings = {
  ...HAS_IMAGE,
  behaviours: {
    'one-setup': { exitCode: 0, output: ['set up'] },
    'one-app': { output: ['one here', { line: 'one again', stream: 'stderr' }] },
    'two-app': { output: ['two here'] },
  },
};

const APP = `  containers: [{name: app, image: '${IMAGE}'}]`;

/** Two pods of one project. */
async function bringUp(desk: Desk): Promise<void> {
  desk.file('one.yaml', pod('one', `  initContainers: [{name: setup, image: '${IMAGE}'}]\n${APP}`));
  desk.file('two.yaml', pod('two', APP));
  assertEnded(await desk.podpose('up', '-d', 'one.yaml', 'two.yaml'), 0);
}

/** A pod of another project; gives its name. */
async function bringUpAnother(desk: Desk): Promise<string> {
  const project = `${desk.project}-other`;
  desk.file('three.yaml', pod('three', APP));
  assertEnded(await desk.podpose('up', '-d', '-p', project, 'three.yaml'), 0);
  return project;
}

void describe('targets of down, logs and ps', SIDE_BY_SIDE, () => {
  story(
    'down accepts pod names, a file of the project, or the project of the directory',
    TALKING,
    async (desk) => {
      await bringUp(desk);
      await bringUpAnother(desk);
      assertRefused(await desk.podpose('down', 'tow'), 2, "no such pod: tow, did you mean 'two'?");
      assertRefused(await desk.podpose('down', 'nosuch.yaml'), 2, 'nosuch.yaml: no such file');
      assertRefused(
        await desk.podpose('down', '-t', 'soon'),
        2,
        "invalid value 'soon' for --time",
        'whole number',
      );
      const whole = await desk.podpose('down', 'two/app');
      assertRefused(whole, 2, 'cannot remove a container of a pod: two/app', 'podpose down two');
      assertEnded(await desk.podpose('down', 'pod/two'), 0);
      assert.deepEqual(desk.fake.things().pods, ['one', 'three']);
      assertEnded(await desk.podpose('down', '-t', '3', 'one.yaml'), 0);
      assert.deepEqual(desk.fake.things().pods, ['three']);
      assert.ok(desk.fake.changes().some((line) => line.startsWith('pod stop --time 3 ')));
      assertEnded(await desk.podpose('down'), 0, `No pods in project '${desk.project}'`);
      assertEnded(await desk.podpose('down', 'three'), 0);
      assert.deepEqual(desk.fake.things(), { pods: [], containers: [], volumes: [] });
    },
  );

  story('every command takes each name of a pod, and refuses unknown ones', TALKING, async (desk) => {
    await bringUp(desk);
    const verbs: readonly (readonly [readonly string[], readonly string[], 'pods' | 'containers'])[] = [
      [['ps'], [], 'containers'],
      [['get'], [], 'containers'],
      [['describe'], [], 'containers'],
      [['wait', '--for=phase=Running'], [], 'pods'],
      [['events'], [], 'containers'],
      [['logs'], [], 'containers'],
      [['exec'], ['--', 'true'], 'containers'],
      [['kill', '-s', 'WINCH'], [], 'containers'],
      [['restart', '-t', '0'], [], 'containers'],
      [['stop', '-t', '0'], [], 'pods'],
      [['start'], [], 'pods'],
      [['down', '-t', '0'], [], 'pods'],
    ];
    const other = `${desk.project}-x`;
    for (const [before, after, takes] of verbs) {
      const run = (...names: readonly string[]) => desk.podpose(...before, ...names, ...after);
      const refusals: readonly (readonly [readonly string[], ...string[]])[] = [
        [['po/tow'], "no such pod: tow, did you mean 'two'?"],
        [['two/nope'], 'no such container: two/nope', 'Containers: app.'],
        [['-p', other, 'two'], `pod/two belongs to project '${desk.project}', not to '${other}'`],
        ...(takes === 'pods' ? [[['one/app'], 'of a pod'] as const] : []),
      ];
      const refused = await Promise.all(refusals.map(([names]) => run(...names)));
      for (const [index, [, ...words]] of refusals.entries()) {
        const ended = refused[index];
        assert.ok(ended);
        assertRefused(ended, 2, ...words);
      }
      assertEnded(await run('pods/two'), 0);
    }
    assert.deepEqual(desk.fake.things().pods, ['one']);
  });

  story('down removes the leftovers of a deleted pod', HAS_IMAGE, async (desk) => {
    desk.file(
      'pod.yaml',
      pod(
        'web',
        `  containers: [{name: app, image: '${IMAGE}', volumeMounts: [{name: tmp, mountPath: /tmp}]}]\n  volumes: [{name: tmp, emptyDir: {}}]`,
      ),
    );
    assertEnded(await desk.podpose('up', '-d'), 0);
    assert.deepEqual(desk.fake.things().volumes, ['web-tmp']);
    desk.fake.podman('pod', 'rm', '--force', '--time', '0', 'web');
    assertEnded(await desk.podpose('down'), 0);
    assert.deepEqual(desk.fake.things(), { pods: [], containers: [], volumes: [] });
  });

  story('logs of a project, of pods, of containers', TALKING, async (desk) => {
    await bringUp(desk);
    const logs = async (...args: readonly string[]) => {
      const ended = await desk.podpose('logs', ...args);
      assertEnded(ended, 0);
      return ended.stdout.trimEnd().split('\n').sort();
    };
    assert.deepEqual(await logs(), [
      'one app   | one again',
      'one app   | one here',
      'one setup | set up',
      'two app   | two here',
    ]);
    assert.deepEqual(await logs('one', '-c', 'setup'), ['one setup | set up']);
    assert.deepEqual(await logs('one', '--no-prefix', '-c', 'app', '--tail', '1'), ['one again']);
    assert.match((await logs('two', '--no-prefix', '-t'))[0] ?? '', /^\d{4}-\d\d-\d\dT\S+ two here$/);
    for (const since of ['1h30m', '2020-01-31T10:00:00Z'])
      assert.deepEqual(await logs('two', '--since', since), ['two app | two here']);
    assert.deepEqual(await logs('one/setup'), ['one setup | set up']);
    assert.deepEqual(await logs('pod/one', 'init/setup'), ['one setup | set up']);
    assert.deepEqual(await logs('pod/two', 'one/setup'), ['one setup | set up', 'two app   | two here']);
    assertRefused(
      await desk.podpose('logs', 'one/setpu'),
      2,
      "no such container: one/setpu, did you mean 'setup'?",
    );
    const unknown = await desk.podpose('logs', 'one', '-c', 'setpu');
    assertRefused(unknown, 2, "no such container: setpu, did you mean 'setup'?");
    // kubectl's -p is another one: its user names a pod there.
    assertRefused(await desk.podpose('logs', '-p', 'one'), 2, "no pods in project 'one'", desk.project);
    assertRefused(await desk.podpose('logs', '-f', '-p', 'one'), 2, "no pods in project 'one'");
    assertRefused(await desk.podpose('logs', '--tail', 'all'), 2, "invalid value 'all' for --tail");
    assertRefused(await desk.podpose('logs', '--since', 'then'), 2, "invalid time 'then' for --since", '10m');
  });

  story('ps of a project, of all, and as data', TALKING, async (desk) => {
    await bringUp(desk);
    const other = await bringUpAnother(desk);
    const ps = async (...args: readonly string[]) => {
      const ended = await desk.podpose(...args);
      assertEnded(ended, 0);
      return ended.stdout;
    };
    const pods = (text: string) => [...text.matchAll(/^(one|two|three)\b/gm)].map(([, name]) => name);
    assert.deepEqual(pods(await ps('get')), ['one', 'two']);
    assert.deepEqual(pods(await ps('ps', '-p', other)), ['three']);
    assert.equal((await ps('ps', '--all', '-o', 'name')).trimEnd().split('\n').length, 3);
    assert.ok(JSON.parse(await ps('ps', '-o', 'json')));
    assert.equal((await ps('ps', '-q', 'one')).trimEnd().split('\n').length, 2);
    assert.equal((await ps('ps', '-q', 'one/app')).trimEnd().split('\n').length, 1);
    assert.match(
      await ps('ps', 'pod/one', 'container/app'),
      /^NAME .*\none +1\/1 .*\n +container\/app .*\n$/,
    );
    desk.fake.podman('stop', '--time', '0', 'two-app');
    assert.match(await ps('ps', 'two'), /^two +0\/1/m);
    assertEnded(await desk.podpose('ps', '-p', 'nothing-of-that-name'), 0, 'nothing-of-that-name');
    assertRefused(await desk.podpose('ps', '-o', 'xml'), 2, "invalid value 'xml' for --output");
  });
});
