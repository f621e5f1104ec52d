import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { assertRefused, SIDE_BY_SIDE, story } from './support.ts';

void describe('explain', SIDE_BY_SIDE, () => {
  story('prints a field to standard output, without podman', {}, async (desk) => {
    const ended = await desk.podpose('explain', 'pod.spec.containers.volumeMounts.subPath');
    assert.deepEqual([ended.code, ended.stderr], [0, '']);
    assert.match(
      ended.stdout,
      /^pod\.spec\.containers\.volumeMounts\.subPath {3}string\n\npodpose {3}used: /,
    );
    assert.deepEqual(desk.fake.commands(), []);
  });

  story('accepts several fields, in any case of the kind', {}, async (desk) => {
    const ended = await desk.podpose('explain', 'POD.spec.hostPID', 'ConfigMap', 'spec.hostIPC');
    assert.equal(ended.code, 0);
    assert.deepEqual(
      [...ended.stdout.matchAll(/^(\S+) {3}(?:boolean|object)/gm)].map((match) => match[1]),
      ['pod.spec.hostPID', 'configmap', 'pod.spec.hostIPC'],
    );
  });

  story('the code of a diagnostic has its meaning and rule', {}, async (desk) => {
    const ended = await desk.podpose('explain', 'forbidden-field', 'pod.spec.hostPID');
    assert.deepEqual([ended.code, ended.stderr], [0, '']);
    assert.match(ended.stdout, /^forbidden-field\n\nA field must not be set .*\n\nRule of Kubernetes: /);
    assert.match(ended.stdout, /^pod\.spec\.hostPID {3}boolean$/m);
  });

  story('an unknown field has a suggestion', {}, async (desk) => {
    const ended = await desk.podpose('explain', 'pod.spec.containers.imag');
    assertRefused(ended, 2, "did you mean 'pod.spec.containers.image'?");
  });

  story('an unsupported kind has a reason', {}, async (desk) => {
    const [scaler, reason] = ['HorizontalPodAutoscaler', 'pods are not scaled automatically'];
    assertRefused(
      await desk.podpose('explain', scaler.toLowerCase()),
      2,
      `${scaler} is not supported`,
      reason,
    );
    assertRefused(await desk.podpose('explain', 'NetworkPolicies.spec'), 2, 'all pods can reach each other');
  });

  story('no field is a usage error', {}, async (desk) => {
    assertRefused(await desk.podpose('explain'), 2, 'podpose explain pod.spec.containers');
  });
});
