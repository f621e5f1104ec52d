import assert from 'node:assert/strict';
import { chmodSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
} from './support.ts';

/** What the kustomization in dev/ builds. */
const WEB = pod(
  'web',
  `  containers: [{name: app, image: '${IMAGE}', volumeMounts: [{name: d, mountPath: /d}]}]\n  volumes: [{name: d, hostPath: {path: ./data, type: Directory}}]`,
);

/** A PATH with a program that prints `stdout`, and podman. */
function pathWith({ file, fake }: Desk, program: string, stdout: string, script = ''): string {
  file(`out/${program}`, stdout);
  const path = file(
    `bin/${program}`,
    `#!/bin/sh\necho "$0 $*" >>"$HOME/commands"\n${script}\ncat "$HOME/out/${program}"\n`,
  );
  chmodSync(path, 0o755);
  return `${dirname(path)}:${fake.bin}:${dirname(process.execPath)}:/bin`;
}

/** A desk with a kustomization in dev/, which `kustomize` builds. */
function layKustomization(desk: Desk, stdout = WEB): { readonly PATH: string } {
  desk.file('dev/kustomization.yaml', 'resources: [pod.yaml]\n');
  mkdirSync(join(desk.directory, 'dev/data'));
  return { PATH: pathWith(desk, 'kustomize', stdout) };
}

void describe('-k', SIDE_BY_SIDE, () => {
  story('a kustomization is run like a file, in the project of its directory', HAS_IMAGE, async (desk) => {
    const env = layKustomization(desk);
    const plan = await desk.run(['plan', '-k', 'dev', '--format', 'json'], { env });
    assert.equal((JSON.parse(plan.stdout) as { readonly project: string }).project, 'dev');
    const project = ['-p', desk.project];
    assertEnded(await desk.run([...project, 'up', '-d', '--kustomize', 'dev'], { env }), 0);
    const created = desk.fake.changes().join('\n');
    assert.ok(created.includes(join(desk.directory, 'dev/data')), created);
    assertEnded(await desk.run([...project, 'up', '-d', '-k', 'dev'], { env }), 0, 'Nothing to do');
    const shown = await desk.run([...project, 'ps', '-k', 'dev'], { env });
    assert.match(shown.stdout, /^web +1\/1 +Running/m);
    assertEnded(await desk.run([...project, 'down', '-k', 'dev'], { env }), 0);
    assert.match((await desk.run(['down', '-k', 'dev'], { env })).stderr, /No pods in project 'dev'/);
  });

  story('files can be beside it', HAS_IMAGE, async (desk) => {
    const env = layKustomization(desk);
    desk.file('other.yaml', pod('other', `  containers: [{name: app, image: '${IMAGE}'}]`));
    const plan = await desk.run(['plan', 'other.yaml', '-k', 'dev'], { env });
    assert.match(plan.stdout, /^dev\/kustomization\.yaml, other\.yaml\n[^]*pod\/web[^]*pod\/other/);
  });

  story('a mistake is named by its object and field', HAS_IMAGE, async (desk) => {
    const env = layKustomization(desk, WEB.replace('mountPath', 'mountPaht'));
    const refused = await desk.run(['up', '-d', '-k', 'dev'], { env });
    assertRefused(
      refused,
      2,
      "dev/kustomization.yaml pod/web: error: spec.containers[0].volumeMounts[0]: unknown field 'mountPaht', did you mean 'mountPath'?",
    );
    assert.doesNotMatch(refused.stderr, /podpose fix|\^/);
    const json = await desk.run(['validate', '-k', 'dev', '--format', 'json'], { env });
    assert.match(json.stdout, /"file": "dev\/kustomization\.yaml",\s+"object": "pod\/web",\s+"path"/);
  });

  story('without kustomize, kubectl builds it; without both, nothing is done', HAS_IMAGE, async (desk) => {
    desk.file('dev/kustomization.yaml', '');
    const none = { PATH: dirname(desk.file('none/empty', '')) };
    assertRefused(
      await desk.run(['validate', '-k', 'dev'], { env: none }),
      2,
      "dev: neither 'kustomize' nor 'kubectl' is installed",
      'help: Install kustomize',
    );
    const script = `[ "$1" = kustomize ] || { echo 'GitVersion:"v1.20.2"'; exit; }; echo 'Error: json: unknown field "labels"' >&2; exit 1`;
    // Without the directories of a machine that has kustomize.
    const [bin = ''] = pathWith(desk, 'kubectl', '', script).split(':');
    assertRefused(
      await desk.run(['validate', '-k', 'dev'], { env: { PATH: bin } }),
      2,
      `'kubectl kustomize dev' failed: json: unknown field "labels"`,
      'help: kubectl v1.20.2 has kustomize 2.0.3',
    );
    assert.deepEqual(desk.fake.commands(), []);
  });

  story('a unit builds it at each start', HAS_IMAGE, async (desk) => {
    const env = layKustomization(desk);
    const { stdout } = await desk.run(['install', '--dry-run', '-k', 'dev'], { env });
    assert.match(
      stdout,
      new RegExp(`^ExecStart=.* --project dev up --kustomize ${desk.directory}/dev$`, 'm'),
    );
    assert.match(stdout, new RegExp(`^Environment="?PATH=${dirname(desk.file('bin/x', ''))}:`, 'm'));
  });

  story('fix changes the files that it is built from', {}, async (desk) => {
    assertRefused(await desk.podpose('fix', '-k', 'dev'), 2, "unknown option '-k'", 'is built from');
  });
});
