import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { describe } from 'node:test';
import {
  assertEnded,
  assertRefused,
  HAS_IMAGE,
  IMAGE,
  pod,
  SIDE_BY_SIDE,
  story,
  type Desk,
  type Ended,
} from './support.ts';

function named(name: string): string {
  return pod(name, `  containers: [{name: app, image: '${IMAGE}'}]`);
}

/** The pods of a plan, in their order. */
function podsOf({ stdout }: Ended): readonly string[] {
  return [...stdout.matchAll(/^ +\+ pod\/(\S+) {2}/gm)].map(([, name = '']) => name);
}

async function projectOf(
  desk: Desk,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; input?: string; cwd?: string } = {},
): Promise<string> {
  const ended = await desk.run(['plan', '--format', 'json', ...args], options);
  assertEnded(ended, 0);
  return (JSON.parse(ended.stdout) as { readonly project: string }).project;
}

void describe('files and projects', SIDE_BY_SIDE, () => {
  story('a file, several, a directory sorted by name, standard input', HAS_IMAGE, async (desk) => {
    desk.file('one.yaml', named('one'));
    desk.file(
      'two.json',
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'two' },
        spec: { containers: [{ name: 'app', image: IMAGE }] },
      }),
    );
    desk.file('set/b.yml', named('b'));
    desk.file('set/a.yaml', `${named('a1')}---\n${named('a2')}`);
    desk.file('set/notes.txt', 'not a manifest');
    desk.file('set/deeper/c.yaml', named('c'));
    assert.deepEqual(podsOf(await desk.podpose('plan', '-f', 'two.json', 'one.yaml')), ['two', 'one']);
    assert.deepEqual(podsOf(await desk.podpose('plan', 'set/', 'one.yaml', 'one.yaml')), [
      'a1',
      'a2',
      'b',
      'one',
    ]);
    const piped = await desk.run(['plan', '-'], { input: named('piped') });
    assert.deepEqual(podsOf(piped), ['piped']);
    assert.match(piped.stdout, /^standard input\n/);
  });

  story('without a file the first default name is used', HAS_IMAGE, async (desk) => {
    const none = await desk.podpose('plan');
    assertRefused(
      none,
      2,
      'none of podpose.yaml, pod.yaml, pod.yml, kube.yaml',
      'Name a file or a directory',
    );
    for (const [later, earlier] of [
      ['kube.yaml', 'pod.yml'],
      ['pod.yaml', 'podpose.yaml'],
    ] as const) {
      desk.file(later, named('later'));
      desk.file(earlier, named('earlier'));
      assert.deepEqual(podsOf(await desk.podpose('plan')), ['earlier']);
    }
    assert.deepEqual(desk.fake.changes(), []);
  });

  story('the project is -p, PODPOSE_PROJECT, or the directory of the first file', HAS_IMAGE, async (desk) => {
    const file = desk.file('Über My_Pods!/pod.yaml', named('web'));
    desk.file('pod.yaml', named('other'));
    const env = { PODPOSE_PROJECT: 'from-env' };
    assert.equal(await projectOf(desk, []), basename(desk.directory));
    assert.equal(await projectOf(desk, ['-p', 'given'], { env }), 'given');
    assert.equal(await projectOf(desk, [], { env }), 'from-env');
    assert.equal(await projectOf(desk, [file, 'pod.yaml']), 'ber-my-pods');
    assert.equal(await projectOf(desk, ['-'], { input: named('web') }), basename(desk.directory));
    const bad = await desk.podpose('plan', '-p', 'Not_A_Name');
    assertRefused(bad, 2, "invalid project name 'Not_A_Name'", 'lowercase letters');
  });

  story('a pod of another project is not changed', HAS_IMAGE, async (desk) => {
    desk.file('pod.yaml', named('web'));
    const [mine, theirs] = [`${desk.project}-a`, `${desk.project}-b`];
    assertEnded(await desk.podpose('up', '-d', '-p', mine), 0);
    desk.fake.forgetCommands();
    assertRefused(
      await desk.podpose('up', '-d', '-p', theirs),
      1,
      `pod 'web' belongs to project '${mine}'`,
      `-p ${mine}`,
    );
    assertEnded(await desk.podpose('down', '-p', theirs), 0, 'No pods in project');
    assert.deepEqual(desk.fake.changes(), []);
  });

  story('what is no directory of manifests, and a URL', HAS_IMAGE, async (desk) => {
    desk.file('kust/kustomization.yaml', 'resources: [pod.yaml]\n');
    desk.file('kust/pod.yaml', named('web'));
    desk.file('chart/Chart.yaml', 'apiVersion: v2\nname: x\nversion: 0.1.0\n');
    desk.file('chart/templates/pod.yaml', named('web'));
    desk.file('all/web/pod.yaml', named('web'));
    desk.file('all/db one/pod.yaml', named('db'));
    desk.file('all/notes/a.txt', '');
    for (const [operand, ...says] of [
      ['kust', 'this is a kustomization', ': podpose up -k kust'],
      ['chart', 'this is a Helm chart', ': helm template chart | podpose up -'],
      ['chart/templates', 'this is a Helm chart', ': helm template chart | podpose up -'],
      ['all', 'no .yaml, .yml or .json file', ': podpose up "all/db one" all/web'],
      ['https://example.com/a.yaml', 'no URLs', ': curl -fsSL https://example.com/a.yaml | podpose up -'],
    ] as const)
      assertRefused(await desk.podpose('validate', operand), 2, ...says);
  });

  story('relative paths are resolved against the directory of the file', HAS_IMAGE, async (desk) => {
    desk.file(
      'app/pod.yaml',
      pod(
        'web',
        `  containers: [{name: app, image: '${IMAGE}', volumeMounts: [{name: d, mountPath: /d}]}]\n  volumes: [{name: d, hostPath: {path: ./data, type: Directory}}]`,
      ),
    );
    desk.file('app/data/file', '');
    assertEnded(await desk.podpose('up', '-d', 'app/pod.yaml'), 0);
    assert.ok(desk.fake.changes().some((line) => line.includes(`--volume ${desk.directory}/app/data:/d`)));
  });
});
