import { Ajv } from 'ajv';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Diagnostic } from '../../src/base/diagnostic.ts';
import { readManifests } from '../../src/manifest/read-manifests.ts';
import { desiredPods } from '../../src/kube/desired-pods.ts';
import { diagnosticsJson } from '../../src/view/diagnostics/diagnostics.ts';
import { CONTEXT } from '../support/context.ts';

const ROOT = join(import.meta.dirname, '../..');
const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(
  JSON.parse(readFileSync(join(ROOT, 'schemas/validate-1.schema.json'), 'utf8')) as object,
);

/** A manifest with a mistake in every part of it. */
const MISTAKES = `apiVersion: v1
kind: Pod
metadata:
  name: Web
  namespace: shop
  labels: { 'a b': c, podpose.x: y, d: '-' }
  annotations: { '/': x }
spec:
  restartPolicy: Nerver
  activeDeadlineSeconds: 5
  nodeName: n1
  hostname: a.b
  terminationGracePeriodSeconds: -1
  dnsPolicy: None
  hostAliases:
  - ip: here
    hostnames: [a_b]
  volumes:
  - name: a
    emptyDir: {}
    hostPath: { path: '' }
  - name: a
    hostPath: { path: ../x, type: Folder }
  - name: unused
    emptyDir: { sizeLimit: 1GB }
  - emptyDir: []
  containers:
  - name: app
    imag: nginx
    workingDir: srv
    env:
    - name: A
      value: 1
    - name: A
      value: '2'
    - name: ''
    ports:
    - containerPort: 70000
      hostPort:8001
    - containerPort: 80
      hostIP: nowhere
    resources:
      limits: { cpu: 1x, memory: 100m, gpu: 1 }
      requests: { memory: 1Gi }
    securityContext: { runAsUser: -1, capabilities: { add: [WALK] } }
    volumeMounts:
    - name: aa
      mountPath: /x
    - name: a
      mountPath: /x/
      subPath: ../y
  - name: app
    image: 'a b'
---
kind: Spaceship
---
[]
`;

const cases = readdirSync(join(ROOT, 'test/cases')).map((name) =>
  readFileSync(join(ROOT, 'test/cases', name, 'pod.yaml'), 'utf8'),
);

const texts: readonly string[] = [
  MISTAKES,
  `${MISTAKES}---\n${MISTAKES}`,
  '',
  'a: [',
  'apiVersion: v2\nKind: Pod\nspec: {containers: []}\n',
  'apiVersion: v1\nkind: List\nitems: 3\n',
  ...cases,
];

function diagnosticsOf(text: string): readonly Diagnostic[] {
  const set = readManifests([{ file: 'pod.yaml', text }]);
  return [...set.diagnostics, ...desiredPods(set.documents, CONTEXT).diagnostics];
}

test('the JSON of every manifest matches schemas/validate-1.schema.json', () => {
  for (const text of texts) {
    validate(JSON.parse(diagnosticsJson(diagnosticsOf(text))));
    assert.deepEqual(validate.errors ?? [], [], text);
  }
});

test('an error without a file has no location', () => {
  const missing: Diagnostic = {
    code: 'file-missing',
    severity: 'error',
    message: 'x: there is no such file',
  };
  validate(JSON.parse(diagnosticsJson([missing])));
  assert.deepEqual(validate.errors ?? [], []);
});

/** What concerns the text or an object as a whole, and no field of it. */
const OF_THE_WHOLE = /^(?:yaml-|manifest-)/;

test('every diagnostic has a location and a field', () => {
  const codes = new Set<string>();
  for (const text of texts)
    for (const diagnostic of diagnosticsOf(text)) {
      const { code, location, path, message } = diagnostic;
      codes.add(code);
      assert.ok(location !== undefined, `${code}: ${message}`);
      const line = text.split('\n')[location.line - 1] ?? '';
      const end = location.column - 1 + (location.length ?? 1);
      assert.ok(end <= Math.max(1, line.length), `${code} ends behind its line: ${message}`);
      // A field that the object itself lacks, or does not know, has nothing around it that could be named.
      const isOfTheRoot = /^(?:missing|unknown)-field$/.test(code) && location.column === 1;
      if (!OF_THE_WHOLE.test(code) && !isOfTheRoot) assert.ok(path !== undefined, `${code}: ${message}`);
    }
  assert.ok(codes.size > 35, `only ${codes.size} sorts of mistakes were made`);
});

test('the schema refuses invalid documents', () => {
  const whole = { formatVersion: '1.0', valid: true, errors: 0, warnings: 0, diagnostics: [] };
  assert.equal(validate(whole), true);
  assert.equal(validate({ ...whole, formatVersion: '2.0' }), false);
  for (const diagnostic of [{}, { code: 'a', severity: 'info', message: 'm' }])
    assert.equal(validate({ ...whole, diagnostics: [diagnostic] }), false);
  const halfAPlace = { code: 'a', severity: 'error', message: 'm', file: 'pod.yaml', line: 1 };
  assert.equal(validate({ ...whole, diagnostics: [halfAPlace] }), false);
});
