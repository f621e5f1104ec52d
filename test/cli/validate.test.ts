import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { HAS_IMAGE, IMAGE, pod, SIDE_BY_SIDE, story } from './support.ts';

interface Report {
  readonly valid: boolean;
  readonly diagnostics: readonly Readonly<Record<string, unknown>>[];
}

function read(stdout: string): Report {
  return JSON.parse(stdout) as Report;
}

const SOUND = pod('web', `  containers: [{name: app, image: '${IMAGE}'}]`);

void describe('validate --format json', SIDE_BY_SIDE, () => {
  story('valid manifests exit with 0', {}, async (desk) => {
    desk.file('pod.yaml', SOUND);
    const ended = await desk.podpose('validate', '--format', 'json');
    assert.deepEqual([ended.code, read(ended.stdout).valid, ended.stderr], [0, true, '']);
  });

  story('warnings alone exit with 0', {}, async (desk) => {
    desk.file('pod.yaml', SOUND.replace('spec:', 'spec:\n  nodeName: n1'));
    const ended = await desk.podpose('validate', '--format', 'json');
    const { valid, diagnostics } = read(ended.stdout);
    assert.deepEqual([ended.code, valid, ended.stderr], [0, true, '']);
    assert.deepEqual(
      diagnostics.map(({ code, severity, line }) => [code, severity, line]),
      [['ignored', 'warning', 6]],
    );
  });

  story('an error exits with 2, with a range for editors', {}, async (desk) => {
    const ended = await desk.run(['validate', '--format=json', '-'], {
      input: SOUND.replace('image', 'imag'),
    });
    assert.deepEqual([ended.code, ended.stderr], [2, '']);
    assert.deepEqual(read(ended.stdout).diagnostics, [
      {
        code: 'unknown-field',
        severity: 'error',
        rule: 'kubernetes',
        file: '-',
        line: 6,
        column: 28,
        endLine: 6,
        endColumn: 32,
        path: 'spec.containers[0]',
        message: "unknown field 'imag'",
        suggestion: 'image',
      },
    ]);
  });

  story('a missing file is reported as JSON, too', {}, async (desk) => {
    const ended = await desk.podpose('validate', '--format', 'json', 'nowhere.yaml');
    const { valid, diagnostics } = read(ended.stdout);
    assert.deepEqual([ended.code, valid, ended.stderr], [2, false, '']);
    assert.deepEqual(
      diagnostics.map(({ code, file }) => [code, file]),
      [['file-missing', undefined]],
    );
  });

  story('an invalid format is a usage error', {}, async (desk) => {
    const ended = await desk.podpose('validate', '--format', 'jsn');
    assert.deepEqual([ended.code, ended.stdout], [2, '']);
    assert.match(ended.stderr, /did you mean 'json'/);
  });
});

void describe('files with nothing to run', SIDE_BY_SIDE, () => {
  const account = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: robot}\n';

  story('are valid, with a reason', {}, async (desk) => {
    desk.file('pod.yaml', account);
    const ended = await desk.podpose('validate');
    assert.equal(ended.code, 0, ended.story);
    assert.match(
      ended.stderr,
      /warning \(podpose\): kind: a ServiceAccount is ignored: there is no API server/,
    );
    assert.match(ended.stderr, /warning: no Pod in the given files: nothing to run/);
  });

  story('give an empty plan, and up does nothing', {}, async (desk) => {
    desk.file('pod.yaml', account);
    const plan = await desk.podpose('plan', '--detailed-exitcode');
    assert.equal(plan.code, 0, plan.story);
    const up = await desk.podpose('up', '-d');
    assert.equal(up.code, 0, up.story);
    assert.match(up.stderr, /nothing to run/);
    assert.deepEqual(desk.fake.changes(), []);
  });

  story('beside a pod make no difference', HAS_IMAGE, async (desk) => {
    desk.file('pod.yaml', `${account}---\n${SOUND}`);
    const ended = await desk.podpose('plan');
    assert.equal(ended.code, 0, ended.story);
    assert.match(ended.stdout, /1 pod and 1 container to create/);
    assert.doesNotMatch(ended.stderr, /nothing to run/);
  });
});

void describe('validate --target kubernetes', SIDE_BY_SIDE, () => {
  const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers: [{name: a, image: A}]\n';
  const DEPLOYMENT =
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec:\n  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}}\n    spec: {containers: [{name: a, image: b}]}\n';
  const JOB =
    'apiVersion: batch/v1\nkind: Job\nmetadata: {name: a}\nspec:\n  managedBy: example.com/queue\n  template:\n    spec: {restartPolicy: Never, containers: [{name: a, image: b}]}\n';

  story('what is only of podpose is a note', {}, async (desk) => {
    desk.file('pod.yaml', `${POD}---\n${JOB}`);
    const local = await desk.podpose('validate', 'pod.yaml');
    assert.equal(local.code, 2);
    const ended = await desk.podpose('validate', '--target', 'kubernetes', 'pod.yaml');
    assert.equal(ended.code, 0, ended.stderr);
    assert.equal(ended.stdout, '1 file valid for Kubernetes 1.36 (2 objects).\n');
    assert.match(ended.stderr, /pod\.yaml:5:33: note \(podpose\): spec\.containers\[0\]\.image: /);
    assert.match(ended.stderr, /note \(podpose\): spec\.managedBy: ignored: /);
  });

  story('what an API server refuses ends with 2', {}, async (desk) => {
    desk.file(
      'pod.yaml',
      DEPLOYMENT.replace('labels: {a: b}', 'labels: {a: c}').replace('image: b', 'image: b, workingDir: a'),
    );
    const ended = await desk.podpose('validate', '--target=kubernetes', '--format=json', 'pod.yaml');
    assert.equal(ended.code, 2);
    const { valid, errors, notes, diagnostics } = JSON.parse(ended.stdout) as {
      readonly valid: boolean;
      readonly errors: number;
      readonly notes: number;
      readonly diagnostics: readonly { readonly severity: string; readonly rule: string }[];
    };
    assert.deepEqual([valid, errors, notes], [false, 1, 1]);
    assert.deepEqual(diagnostics.map(({ severity, rule }) => `${severity} ${rule}`).sort(), [
      'error kubernetes',
      'note podpose',
    ]);
  });
});
