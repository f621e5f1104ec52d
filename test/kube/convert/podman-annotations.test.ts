import assert from 'node:assert/strict';
import { test } from 'node:test';
import { podmanDevice } from '../../../src/kube/spec/podman-devices.ts';
import { podSettings, containerSettings } from '../../../src/kube/spec/settings.ts';
import { desired, podWith, type Fields } from '../manifest.ts';

const PREFIX = 'io.podman.annotations';
const convert = (annotations: Fields, spec: Fields = {}) => desired(podWith(spec, { annotations }));
const ofApp = (annotations: Fields) => convert(annotations).containers[0]?.annotations;

test('the annotation overrides hostUsers, and host is the namespace of rootless podman', () => {
  const userns = (annotations: Fields, spec: Fields = {}) => convert(annotations, spec).sandbox.userns;
  assert.equal(userns({ [`${PREFIX}.userns`]: 'keep-id' }, { hostUsers: false }), 'keep-id');
  assert.equal(userns({ [`${PREFIX}.userns/web`]: 'nomap' }), 'nomap');
  assert.equal(userns({ [`${PREFIX}.userns`]: 'private' }), 'auto');
  assert.equal(userns({ [`${PREFIX}.userns`]: 'host' }, { hostUsers: false }), undefined);
  assert.equal(userns({}, { hostUsers: false }), 'auto');
  assert.equal(userns({}, { hostUsers: true }), undefined);
  assert.equal(userns({}), undefined);
});

test('hostUsers false has room for the users and groups of the manifest', () => {
  const size = (securityContext: Fields) => convert({}, { hostUsers: false, securityContext }).sandbox.userns;
  assert.equal(size({ runAsUser: 1023 }), 'auto');
  assert.equal(size({ runAsUser: 1024 }), 'auto:size=1025');
  assert.equal(size({ runAsGroup: 2000, supplementalGroups: [3000] }), 'auto:size=3001');
});

test('one for a container overrides one for all', () => {
  const annotations = { 'io.containers.autoupdate/app': 'local', 'io.containers.autoupdate': 'registry' };
  assert.deepEqual(ofApp(annotations), { 'io.containers.autoupdate': 'local' });
  assert.deepEqual(ofApp({ [`${PREFIX}.init`]: 'true', [`${PREFIX}.init/app`]: 'FALSE' }), undefined);
  assert.deepEqual(ofApp({ [`${PREFIX}.ulimit`]: 'nproc=2,nofile=1' }), {
    [`${PREFIX}.ulimit`]: 'nofile=1,nproc=2',
  });
});

test("podman's annotations are settings of what they are for, and of nothing else", () => {
  const { sandbox, ...pod } = convert({
    note: 'x',
    'io.containers.sdnotify': 'ignore',
    [`${PREFIX}.infra.name`]: 'p',
  });
  assert.deepEqual(pod.annotations, { note: 'x' });
  assert.equal(sandbox.infraName, 'p');
  const limited = convert({ [`${PREFIX}.pids-limit/app`]: '5' });
  assert.deepEqual(podSettings(limited), {});
  const [app] = limited.containers;
  assert.ok(app);
  assert.deepEqual(containerSettings(app)['annotations'], {
    [`${PREFIX}.pids-limit`]: '5',
  });
});

test('resource names that are devices of podman', () => {
  assert.equal(podmanDevice('podman.io/device=/dev/dri:/dev/x:r'), '/dev/dri:/dev/x:r');
  assert.equal(podmanDevice('nvidia.com/gpu=all'), 'nvidia.com/gpu=all');
  assert.equal(podmanDevice('podman.io/device=gpu0'), 'podman.io/device=gpu0');
  for (const name of [
    'cpu',
    'nvidia.com/gpu',
    'nvidia.com/gpu=',
    'nvidia.com/gpu=/dev/x',
    'gpu=all',
    'a/b/c=d',
  ])
    assert.equal(podmanDevice(name), undefined, name);
});
