import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { desired, findings, mean, podWithContainer } from './manifest.ts';

const TOKEN = { projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } };
const TOKEN_MOUNT = {
  name: 'kube-api-access-7tq4w',
  mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
  readOnly: true,
};

const dump = readFileSync(new URL('../cases/pod-read-from-a-cluster/pod.yaml', import.meta.url), 'utf8');

test('a pod exported with kubectl get -o yaml has one warning', () => {
  assert.deepEqual(findings(dump), [
    'warning: spec.nodeName: ignored: cluster-only field, no effect here [ignored]',
  ]);
});

test('the same in a List exported with kubectl get pods -o yaml', () => {
  const items = dump
    .trimEnd()
    .split('\n')
    .map((line, index) => (index === 0 ? `- ${line}` : `  ${line}`));
  const list = ['apiVersion: v1', 'items:', ...items, 'kind: List', 'metadata:', '  resourceVersion: ""', ''];
  assert.equal(findings(list.join('\n')).length, 1);
});

test('the volume of the service account is dropped with its mounts', () => {
  const pod = desired(
    podWithContainer(
      { volumeMounts: [TOKEN_MOUNT, { name: 'data', mountPath: '/data' }] },
      {
        volumes: [
          { name: TOKEN_MOUNT.name, ...TOKEN },
          { name: 'data', emptyDir: {} },
        ],
      },
    ),
  );
  assert.deepEqual(
    pod.volumes.map(({ name }) => name),
    ['data'],
  );
  assert.deepEqual(
    pod.containers.flatMap(({ volumeMounts }) => volumeMounts.map(({ mountPath }) => mountPath)),
    ['/data'],
  );
});

test('errors after it have the right location', () => {
  const { diagnostics } = mean(`apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - name: app
    image: nginx
    volumeMounts:
    - {name: kube-api-access-7tq4w, mountPath: /var/run/secrets/kubernetes.io/serviceaccount}
    - {name: data, mountPath: 'a:b'}
  volumes:
  - name: kube-api-access-7tq4w
    projected: {sources: [{serviceAccountToken: {path: token}}]}
  - name: data
    hostPath: {path: ''}
`);
  assert.deepEqual(
    diagnostics.map(({ code, location }) => [code, location?.line]),
    [
      ['unusable-path', 10],
      ['invalid-path', 15],
    ],
  );
});

test('another volume of such a name is kept', () => {
  const pod = desired(
    podWithContainer(
      { volumeMounts: [{ name: 'kube-api-access-7tq4w', mountPath: '/data' }] },
      { volumes: [{ name: 'kube-api-access-7tq4w', emptyDir: {} }] },
    ),
  );
  assert.equal(pod.volumes.length, 1);
});
