import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fold, LONGEST_LINE, unfold } from '../support/fold.ts';
import { planText } from '../support/plan-case.ts';

test('folded text has short lines, and unfolds to the same bytes', () => {
  const json = JSON.stringify({ env: [{ name: 'A', value: "it's " + 'x'.repeat(300) }], image: 'nginx' });
  const label = (name: string) => `--label 'podpose.${name}=${json.replaceAll("'", `'\\''`)}'`;
  const text = `podman run --name web ${label('spec')} ${label('files')} ${'word '.repeat(50)}\nend\n`;
  const folded = fold(text);
  assert.equal(unfold(folded), text);
  assert.ok(folded.split('\n').every((line) => line.length <= LONGEST_LINE));
  assert.match(folded, /^podman run --name web --label podpose\.spec=@1 --label podpose\.files=@1 /);
  assert.notEqual(fold(text.replace('nginx', 'nginy')), folded);
});

test('text that cannot be unfolded is rejected', () => {
  assert.throws(() => fold('a \\\n    b'), /must stand for the same bytes/);
});

test('the graph of a plan shows needs, retry and undo', async () => {
  const { steps } = await planText(`
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  initContainers: [{ name: setup, image: 'nginx:1.27' }]
  containers: [{ name: app, image: 'nginx:1.27' }]
`);
  assert.equal(
    steps,
    `[] pull/nginx:1.27  pull-image
[pull/nginx:1.27] network/podpose-demo  create-network  network/podpose-demo
[network/podpose-demo] pod/web  create-pod  pod/web
[pod/web] infra/web  start-infra  pod/web
[infra/web] bridge/podpose-demo  fix-bridge-address  pod/web
[bridge/podpose-demo] pod/web init/setup  run-container  pod/web init/setup
    retry: back-off
[pod/web init/setup] pod/web container/app  run-container  pod/web container/app
`,
  );
});
