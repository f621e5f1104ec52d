import assert from 'node:assert/strict';
import { test } from 'node:test';
import { only, pod } from './faults.ts';

test('a valid object is complete and normalized', () => {
  const { complete, value } = only(
    pod({
      spec: 'volumes:\n- name: a\n  emptyDir: {sizeLimit: 1000}',
      container:
        'resources: {limits: {cpu: 0.5, memory: 1Gi}}\nimagePullPolicy: ""\ntty: ~\nports: [{containerPort: 0x50}]',
    }),
  );
  assert.equal(complete, value);
  assert.deepEqual(complete, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'one' },
    spec: {
      volumes: [{ name: 'a', emptyDir: { sizeLimit: '1000' } }],
      containers: [
        {
          name: 'web',
          image: 'nginx',
          resources: { limits: { cpu: '0.5', memory: '1Gi' } },
          ports: [{ containerPort: 80 }],
        },
      ],
    },
  });
});

test('invalid values are removed and marked as pruned', () => {
  const document = only(
    pod({
      spec: 'restartPolicy: Nerver\nhostname: 7',
      container:
        'args: [a, 1]\nports: [x, {containerPort: 80, foo: 1}]\nenv: [{name: A, value: 1}]\nimagePullPolici: Never',
    }),
  );
  assert.equal(document.complete, undefined);
  assert.deepEqual(document.value.spec, {
    containers: [
      {
        name: 'web',
        image: 'nginx',
        ports: [{}, { containerPort: 80 }],
        env: [{ name: 'A' }],
        imagePullPolicy: 'Never',
      },
    ],
  });
  const { isPruned } = document;
  const container = ['spec', 'containers', 0] as const;
  for (const path of [
    ['spec', 'restartPolicy'],
    ['spec', 'hostname'],
    [...container, 'args'],
    [...container, 'args', 1],
    [...container, 'ports', 0],
    [...container, 'ports', 0, 'containerPort'],
    [...container, 'env', 0, 'value'],
    [...container, 'imagePullPolici'],
  ])
    assert.equal(isPruned(path), true, path.join('.'));
  for (const path of [
    ['spec'],
    ['spec', 'securityContext', 'runAsUser'],
    container,
    [...container, 'image'],
    [...container, 'imagePullPolicy'],
    [...container, 'ports', 1, 'containerPort'],
    [...container, 'env', 0, 'name'],
  ])
    assert.equal(isPruned(path), false, path.join('.'));
});

test('a missing required field counts as reported', () => {
  const { isPruned } = only(pod({ container: 'env: [{value: x}]' }));
  assert.equal(isPruned(['spec', 'containers', 0, 'env', 0, 'name']), true);
});

test('next to a syntax error, missing fields count as reported', () => {
  const { isPruned, value } = only(`${pod({ container: 'lost' })}  - name: second\n    image: x\n`);
  assert.equal(isPruned(['spec', 'containers', 0, 'ports']), true);
  assert.equal(isPruned(['spec', 'containers', 1, 'ports']), false);
  assert.equal(value.spec?.containers?.length, 2);
});
