import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path/posix';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import type { Reason } from '../../src/plan/change.ts';
import { renderPlanJson } from '../../src/view/plan/json.ts';
import { capabilitiesOf, OLDEST_PODMAN } from '../../src/podman/inspect/version.ts';
import { planCase, planText } from '../support/plan-case.ts';

const ROOT = join(import.meta.dirname, '../..');
const CASES = join(ROOT, 'test/cases');
const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(
  JSON.parse(readFileSync(join(ROOT, 'schemas/plan-1.schema.json'), 'utf8')) as object,
);

test('the JSON of every case is valid for schemas/plan-1.schema.json', async () => {
  let plans = 0;
  for (const name of readdirSync(CASES)) {
    const { plan } = await planCase(join(CASES, name));
    if (plan === undefined) continue;
    plans++;
    validate(JSON.parse(renderPlanJson(plan, capabilitiesOf({ major: 5, minor: 4, patch: 0 }))));
    assert.deepEqual(validate.errors ?? [], [], name);
  }
  assert.ok(plans > 40, `only ${plans} cases have a plan`);
});

test('the schema has every kind of reason', () => {
  // The compiler rejects a missing kind.
  const kinds: Readonly<Record<Reason['kind'], true>> = {
    absent: true,
    'settings-differ': true,
    'image-changed': true,
    'pod-replaced': true,
    'init-chain-differs': true,
    'not-running': true,
    'pod-restarts': true,
    'crash-looping': true,
    'job-failed': true,
    'not-ready': true,
    'infra-restarted': true,
    'mount-points-differ': true,
    'init-unfinished': true,
    renamed: true,
    interrupted: true,
    adopted: true,
    'force-recreate': true,
    'not-in-files': true,
    'replicas-reduced': true,
    'job-reduced': true,
    'template-changed': true,
    'endpoints-differ': true,
    unused: true,
    requested: true,
    down: true,
  };
  const schema = readFileSync(join(ROOT, 'schemas/plan-1.schema.json'), 'utf8');
  const known = [...schema.matchAll(/"const": "([a-z-]+)"/g)].map((match) => match[1]);
  for (const kind of Object.keys(kinds)) assert.ok(known.includes(kind), `${kind} is not in the schema`);
});

test('the schema rejects invalid plans', () => {
  assert.equal(validate({ formatVersion: '2.0', project: 'web', changes: [], steps: [] }), false);
  assert.equal(validate({ formatVersion: '1.0', project: 'web', changes: [{}], steps: [] }), false);
});

test('steps have published kinds, independent of internal names', async () => {
  const { plan } = await planText(`
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers: [{ name: app, image: busybox, volumeMounts: [{ name: data, mountPath: /data }] }]
  volumes: [{ name: data, emptyDir: { medium: Memory } }]
`);
  assert.ok(plan);
  const { steps } = JSON.parse(renderPlanJson(plan, capabilitiesOf(OLDEST_PODMAN))) as {
    readonly steps: readonly { readonly kind: string }[];
  };
  const kinds = steps.map(({ kind }) => kind);
  assert.deepEqual(kinds.slice(1, 4), ['create-network', 'create-volume', 'hold-volume']);
});
