import assert from 'node:assert/strict';
import { chmodSync, lstatSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'node:test';
import { SIDE_BY_SIDE, story } from './support.ts';

const POD = 'kind: pod\nmetadata: {name: web}\nspec: {containers: [{name: a, image: b}]}\n';
const FIXED = `apiVersion: v1\n${POD.replace('pod', 'Pod')}`;

void describe('fix', SIDE_BY_SIDE, () => {
  story('shows a diff and changes nothing', {}, async (desk) => {
    const path = desk.file('pod.yaml', POD);
    const ended = await desk.podpose('fix', 'pod.yaml');
    assert.equal(ended.code, 0);
    assert.match(
      ended.stdout,
      /^--- pod\.yaml\n\+\+\+ pod\.yaml\n[^]*^-kind: pod\n\+apiVersion: v1\n\+kind: Pod\n/m,
    );
    assert.equal(ended.stderr, '1 file to fix. Use --write to write the changes.\n');
    assert.equal(readFileSync(path, 'utf8'), POD);
    assert.deepEqual(desk.fake.commands(), []);
  });

  story('--write writes through a link and keeps the mode', {}, async (desk) => {
    const path = desk.file('kept/pod.yaml', POD);
    chmodSync(path, 0o640);
    symlinkSync('kept/pod.yaml', join(desk.directory, 'link.yaml'));
    const ended = await desk.podpose('fix', '--write', 'link.yaml');
    assert.deepEqual([ended.code, ended.stderr], [0, '1 file fixed.\n']);
    assert.equal(readFileSync(path, 'utf8'), FIXED);
    assert.equal(lstatSync(path).mode & 0o777, 0o640);
    assert.ok(lstatSync(join(desk.directory, 'link.yaml')).isSymbolicLink());
  });

  story('a volume of podman that a renamed claim keeps is named', {}, async (desk) => {
    desk.file(
      'pod.yaml',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers: [{name: a, image: b, volumeMounts: [{name: v, mountPath: /m}]}]\n  volumes: [{name: v, persistentVolumeClaim: {claimName: my_data}}]\n',
    );
    const without = await desk.podpose('fix', 'pod.yaml');
    assert.doesNotMatch(without.stdout, /exists in podman/);
    desk.fake.podman('volume', 'create', 'my_data');
    const { stdout } = await desk.podpose('fix', 'pod.yaml');
    assert.match(
      stdout,
      /^# volume\/my_data exists in podman: PersistentVolumeClaim 'my-data' keeps it by its annotation\. 'podpose up --adopt' uses it with its data\.\n--- pod\.yaml/,
    );
    assert.match(stdout, /^\+ {4}podpose\.io\/volume: my_data$/m);
  });

  story('up on a file with mistakes names the command', {}, async (desk) => {
    desk.file('pod.yaml', POD);
    const ended = await desk.podpose('up', '-d', 'pod.yaml');
    assert.equal(ended.code, 2);
    assert.match(ended.stderr, /'podpose fix pod\.yaml' shows the fix of 2 mistakes\./);
  });

  story('mistakes that are left end with 2', {}, async (desk) => {
    desk.file('pod.yaml', POD.replace('image: b', 'image: b, resources: 3'));
    const ended = await desk.podpose('fix', '--write', 'pod.yaml');
    assert.equal(ended.code, 2);
    assert.match(ended.stderr, /resources: must be an object/);
  });

  story('standard input is fixed to standard output', {}, async (desk) => {
    const ended = await desk.run(['fix', '--write', '-'], { input: POD });
    assert.deepEqual([ended.code, ended.stdout], [0, FIXED]);
  });

  story('values of a Secret are not shown', {}, async (desk) => {
    desk.file('secret.yaml', 'kind: Secret\nmetadata: {name: s}\nstringData:\n  password: 31415926\n');
    const ended = await desk.podpose('fix', '--write', 'secret.yaml');
    assert.equal(ended.code, 0);
    assert.doesNotMatch(ended.stdout + ended.stderr, /31415926/);
  });
});
