import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path/posix';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { plainPaint } from '../../src/base/paint.ts';
import { digest } from '../../src/base/digest.ts';
import type { Difference } from '../../src/plan/compare/difference.ts';
import { neededFileTexts } from '../../src/plan/compare/changed-files.ts';
import { withFileTexts, type FileTexts } from '../../src/view/plan/file-texts.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { renderPlanJson } from '../../src/view/plan/json.ts';
import { renderPlanText } from '../../src/view/plan/text.ts';
import type { DesiredPod } from '../../src/kube/spec/desired.ts';
import type { VolumeFile } from '../../src/kube/spec/desired-volume.ts';
import { capabilitiesOf } from '../../src/podman/inspect/version.ts';
import { renderFileDiffs } from '../../src/view/plan/spec-diff.ts';
import { podOf } from '../support/desired.ts';
import { planCase } from '../support/plan-case.ts';

const OLD = 'one\ntwo\nthree\n';
const NEW = 'one\n2\nthree\n';

function podWith(...files: readonly VolumeFile[]): DesiredPod {
  return {
    ...podOf('web', 'Always', 'app'),
    volumes: [{ name: 'config', source: { type: 'configMap', medium: 'disk', files } }],
  };
}

function file(path: string, text: string): VolumeFile {
  return { path, mode: 0o644, content: { type: 'text', text } };
}

function planOf(...differences: readonly Difference[]): Plan {
  const subject = { kind: 'volume', pod: 'web', name: 'config' } as const;
  const reason = { kind: 'settings-differ', differences } as const;
  return { project: 'demo', changes: [{ subject, action: 'update', reason }], steps: [], warnings: [] };
}

function at(path: string, before?: string, after?: string): Difference {
  return {
    path: ['spec', 'volumes', 'config', 'configMap', 'items', path],
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
}

function shown(plan: Plan, pod: DesiredPod, texts: FileTexts): readonly string[] {
  return renderPlanText(withFileTexts(plan, [pod], texts), 'pod.yaml', plainPaint)
    .split('\n')
    .slice(3, -3);
}

test('changed lines of a ConfigMap are shown, as in kubectl diff', () => {
  const plan = planOf(at('app.conf', digest(OLD), digest(NEW)));
  assert.deepEqual(neededFileTexts(plan), [{ volume: 'web-config', name: 'config', path: 'app.conf' }]);
  const pod = podWith(file('app.conf', NEW));
  const texts = new Map([['web-config/app.conf', OLD]]);
  const lines = ['@@ -1,3 +1,3 @@', ' one', '-two', '+2', ' three'];
  assert.deepEqual(shown(plan, pod, texts), [
    '        spec.volumes[config].configMap.items[app.conf]:',
    ...lines.map((line) => `          ${line}`),
  ]);
  assert.equal(
    renderFileDiffs(withFileTexts(plan, [pod], texts).changes, plainPaint),
    ['--- live/pod/web/config/app.conf', '+++ file/pod/web/config/app.conf', ...lines, ''].join('\n'),
  );
});

test('added and removed files', () => {
  const plan = planOf(at('gone', digest('a\n')), at('new', undefined, digest('b\n')));
  assert.deepEqual(shown(plan, podWith(file('new', 'b\n')), new Map([['web-config/gone', 'a\n']])), [
    '        spec.volumes[config].configMap.items[gone]:',
    '          @@ -1,1 +0,0 @@',
    '          -a',
    '        spec.volumes[config].configMap.items[new]:',
    '          @@ -0,0 +1,1 @@',
    '          +b',
  ]);
});

test('a modified or unreadable text is not shown', () => {
  const plan = planOf(at('app.conf', digest(OLD), digest(NEW)));
  const digests = [
    `        spec.volumes[config].configMap.items[app.conf]: ${digest(OLD)} -> ${digest(NEW)}`,
  ];
  const pod = podWith(file('app.conf', NEW));
  assert.deepEqual(shown(plan, pod, new Map([['web-config/app.conf', 'other']])), digests);
  assert.deepEqual(shown(plan, pod, new Map()), digests);
});

test('nothing of a Secret is read or shown', async () => {
  const secret = 'hmac-sha256:00ff';
  assert.deepEqual(neededFileTexts(planOf(at('a', secret, digest(NEW)))), []);
  assert.deepEqual(neededFileTexts(planOf(at('a', digest(OLD), secret), at('b', undefined, secret))), []);
  const { plan } = await planCase(join(import.meta.dirname, '../cases/changed-secret-in-a-volume'));
  assert.ok(plan);
  assert.deepEqual(neededFileTexts(plan), []);
});

test('control characters in a ConfigMap are escaped', () => {
  const plan = planOf(at('a', undefined, digest('\x1b[2J\n')));
  assert.match(shown(plan, podWith(file('a', '\x1b[2J\n')), new Map()).join('\n'), /\+␛\[2J/);
});

test('a long change is cut in the plan', () => {
  const text = 'line\n'.repeat(100);
  const lines = shown(planOf(at('a', undefined, digest(text))), podWith(file('a', text)), new Map());
  assert.equal(lines.length, 42);
  assert.equal(lines.at(-1), '          … 61 more lines (podpose diff shows all)');
});

test('JSON has an additional member, defined in the schema', () => {
  const schema = join(import.meta.dirname, '../../schemas/plan-1.schema.json');
  const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(
    JSON.parse(readFileSync(schema, 'utf8')) as object,
  );
  const plan = withFileTexts(
    planOf(at('a', digest(OLD), digest(NEW))),
    [podWith(file('a', NEW))],
    new Map([['web-config/a', OLD]]),
  );
  const json = renderPlanJson(plan, capabilitiesOf({ major: 5, minor: 4, patch: 0 }));
  validate(JSON.parse(json));
  assert.deepEqual(validate.errors ?? [], []);
  assert.match(json, /"diff": "@@ -1,3 \+1,3 @@\\n one\\n-two\\n\+2\\n three"/);
});
