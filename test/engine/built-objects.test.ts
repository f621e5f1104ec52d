import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkSources } from '../../src/engine/check-sources.ts';
import { testPlatform } from '../support/platform.ts';
import { plainPaint } from '../../src/base/paint.ts';
import { builtObjectAt } from '../../src/manifest/built-objects.ts';
import { diagnosticsJson, renderDiagnostics } from '../../src/view/diagnostics/diagnostics.ts';

/** As kustomize 5.7 prints objects. */
const BUILT = `apiVersion: v1
data:
  a.yaml: |
    ---
    kind: Nothing
    metadata:
      name: no
kind: ConfigMap
metadata:
  annotations:
    note: |-
      text

      name: text
  labels:
    name: label
  name: settings
---
apiVersion: v1
kind: Secret
metadata:
  name: "123"
---
apiVersion: example.com/v1
kind: Widget
spec: 1
---
apiVersion: v1
metadata:
  name: without-kind
`;

test('the object at an offset of what kustomize prints', () => {
  const at = (text: string) => builtObjectAt(BUILT, BUILT.indexOf(text));
  assert.deepEqual(
    [at('apiVersion: v1\ndata'), at('kind: Nothing'), at('name: settings'), at('kind: Secret'), at('"123"')],
    ['configmap/settings', 'configmap/settings', 'configmap/settings', 'secret/123', 'secret/123'],
  );
  assert.deepEqual([at('Widget'), at('without-kind')], ['widget', undefined]);
});

const WEB = `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
  - image: nginx
    name: app
    ports:
    - containerPort: 80800
  hostnam: x
`;

function read(text: string, warnings: readonly string[] = []) {
  const source = { file: 'dev/kustomization.yaml', text, built: { warnings } };
  return checkSources(testPlatform({}), [source], { target: 'local' });
}

test('a mistake in a built object has the object and the field, and no line', () => {
  const { diagnostics } = read(`${WEB}---\n${WEB.replace('web', 'api')}`);
  assert.equal(
    renderDiagnostics(diagnostics, new Map([['dev/kustomization.yaml', WEB]]), plainPaint),
    `dev/kustomization.yaml pod/web: error: spec.containers[0].ports[0].containerPort: must be between 1 and 65535, got 80800
   also: dev/kustomization.yaml pod/api: spec.containers[0].ports[0].containerPort, got 80800
dev/kustomization.yaml pod/web: error: spec: unknown field 'hostnam', did you mean 'hostname'?
   also: dev/kustomization.yaml pod/api: spec

4 errors in 1 file.
`,
  );
  const json = JSON.parse(diagnosticsJson(diagnostics)) as { readonly diagnostics: readonly object[] };
  assert.deepEqual(json.diagnostics[0], {
    code: 'port-range',
    severity: 'error',
    rule: 'kubernetes',
    file: 'dev/kustomization.yaml',
    object: 'pod/web',
    path: 'spec.containers[0].ports[0].containerPort',
    message: 'must be between 1 and 65535, got 80800',
  });
});

test('a mistake in a built text as a whole has no line', () => {
  const [found] = read('# nothing\n').diagnostics;
  assert.equal(found?.location, undefined);
  assert.match(found?.message ?? '', /^dev\/kustomization\.yaml: the file contains no object/);
});

test('what kustomize warns about is a warning', () => {
  assert.deepEqual(read(WEB.replace('80800', '80').replace('hostnam', 'hostname'), ['old']).diagnostics, [
    { code: 'kustomize-warning', severity: 'warning', message: 'dev/kustomization.yaml: old' },
  ]);
});
