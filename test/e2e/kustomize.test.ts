import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BUSYBOX } from './support/images.ts';
import { exec, podman } from './support/podman.ts';
import { assertNothingLeft, assertRefused, scenario } from './support/scenario.ts';

/** Files that kustomize 2.0.3, in Debian 12's kubectl, and a current one both build. */
function kustomization(id: string, greeting: string): Readonly<Record<string, string>> {
  return {
    'base/kustomization.yaml': 'resources: [pod.yaml]\n',
    'base/pod.yaml': `
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  terminationGracePeriodSeconds: 1
  containers:
  - name: app
    image: ${BUSYBOX}
    command: [sleep, "3600"]
    envFrom: [{configMapRef: {name: settings}}]
    volumeMounts: [{name: pages, mountPath: /pages}]
  volumes: [{name: pages, emptyDir: {}}]
`,
    'overlays/dev/kustomization.yaml': `
bases: [../../base]
namePrefix: ${id}-
patchesStrategicMerge: [pages.yaml]
configMapGenerator: [{name: settings, literals: [GREETING=${greeting}]}]
`,
    // The path is relative to the directory that -k names.
    'overlays/dev/pages.yaml': `
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  volumes: [{name: pages, emptyDir: null, hostPath: {path: ./pages, type: Directory}}]
`,
    'overlays/dev/pages/index.html': '<h1>dev</h1>\n',
  };
}

async function write(directory: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const path = join(directory, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
}

const installed = (process.env['PATH'] ?? '')
  .split(':')
  .some((directory) => ['kustomize', 'kubectl'].some((program) => existsSync(join(directory, program))));

scenario('A kustomization is built, run, changed and removed', async (story) => {
  const { id, directory, step, ok, podpose } = story;
  assert.ok(installed, 'neither kustomize nor kubectl is installed: scripts/setup/tests.sh');
  const pod = `${id}-web`;
  const args = ['-p', id, '-k', 'overlays/dev'];
  await write(directory, kustomization(id, 'hello'));

  await step('the pod has the generated ConfigMap and the path of the overlay', async () => {
    await ok('up', '-d', ...args);
    assert.equal(
      await exec(`${pod}-app`, 'sh', '-c', 'echo $GREETING; cat /pages/index.html'),
      'hello\n<h1>dev</h1>\n',
    );
  });
  await step('built again, nothing changes', async () => {
    assert.match((await ok('up', '-d', ...args)).stderr, /Nothing to do/);
  });
  await step('the plan names what has changed in what it builds', async () => {
    await write(directory, kustomization(id, 'goodbye'));
    const { stdout } = await ok('plan', ...args);
    assert.match(stdout, /^overlays\/dev\/kustomization\.yaml$/m);
    assert.match(stdout, /GREETING/);
    const before = await podman('pod', 'inspect', '--format', '{{.ID}}', pod);
    await ok('up', '-d', ...args);
    assert.equal(await podman('pod', 'inspect', '--format', '{{.ID}}', pod), before);
    assert.equal(await exec(`${pod}-app`, 'sh', '-c', 'echo $GREETING'), 'goodbye\n');
  });
  await step('a mistake is named by object and field', async () => {
    await writeFile(join(directory, 'overlays/dev/pages.yaml'), patch('hostnam: x'));
    const place = `overlays/dev/kustomization\\.yaml pod/${pod}: error: spec: unknown field 'hostnam'`;
    assertRefused(await podpose(['up', '-d', ...args]), 2, new RegExp(place));
  });
  await step('an error of kustomize is shown', async () => {
    await writeFile(join(directory, 'overlays/dev/kustomization.yaml'), 'resources: [gone.yaml]\n');
    assertRefused(await podpose(['up', '-d', ...args]), 2, /overlays\/dev' failed: [^]*gone\.yaml/);
  });
  await step('down needs the directory only', async () => {
    await ok('down', ...args);
    await assertNothingLeft(story);
  });
});

function patch(field: string): string {
  return `apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {${field}}\n`;
}
