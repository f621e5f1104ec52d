import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faults, only } from './faults.ts';

/** The mistakes that two manifests in tutorials have, in manifests of our own. */
const twoContainers = `apiVersion: v1
kind: pod
metadata:
  name: writer-and-server
spec:
  restartPolicy: Nerver
  volumes:
  - name: pages
    emptyDir: {}
  containers:
  - name: server
    image: nginx
    volumeMounts:
    - name: pages
      mountPath: /usr/share/nginx/html
`;

const copyAndServe = `apiVersion: v1
kind: Pod
metadata:
  name: copy-and-serve
spec:
  initContainers:
  - name: copy
    image: example/war:1
    volumeMounts:
    - mountPaht: /out
      name: apps
  containers:
  - name: tomcat
    image: tomcat:10
    ports:
    - containerPort: 8080
      hostPort:8001
  volumes:
  - name: apps
    emptyDir: {}
`;

test('as published: kind and restartPolicy', () => {
  assert.deepEqual(faults(twoContainers), [
    "2:7 kind: unknown kind 'pod', did you mean 'Pod'?",
    "6:18 spec.restartPolicy: 'Nerver' is not a valid restartPolicy (Always, OnFailure, Never), did you mean 'Never'?",
  ]);
});

test('as published: mountPaht and hostPort', () => {
  assert.deepEqual(faults(copyAndServe), [
    "10:7 spec.initContainers[0].volumeMounts[0]: unknown field 'mountPaht', did you mean 'mountPath'?",
    "17:7 spec.containers[0].ports[0]: missing space after the colon of 'hostPort:8001', did you mean 'hostPort: 8001'?",
  ]);
  const { spec } = only(copyAndServe).value;
  assert.deepEqual(spec?.initContainers?.[0]?.volumeMounts, [{ mountPath: '/out', name: 'apps' }]);
  assert.deepEqual(spec.containers?.[0]?.ports, [{ containerPort: 8080, hostPort: 8001 }]);
});
