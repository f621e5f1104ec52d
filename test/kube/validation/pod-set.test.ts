import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findings, mean, podWith } from '../manifest.ts';

const image = 'nginx:1.27';

/** A pod with containers and emptyDir volumes of these names. */
function pod(name: string, containers: readonly string[], volumes: readonly string[] = []): string {
  return podWith(
    {
      containers: containers.map((container) => ({
        name: container,
        image,
        volumeMounts: volumes.map((volume) => ({ name: volume, mountPath: `/${volume}` })),
      })),
      volumes: volumes.map((volume) => ({ name: volume, emptyDir: {} })),
    },
    { name },
  );
}

test('pods come in the order of the manifests', () => {
  const { pods, diagnostics } = mean(pod('b', ['x']), pod('a', ['x']));
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(
    pods.map((sourced) => sourced.pod.name),
    ['b', 'a'],
  );
});

test('two pods of one name', () => {
  assert.deepEqual(findings(pod('a', ['x'], ['v']), pod('a', ['x'], ['v'])), [
    "metadata.name: duplicate pod 'a': already defined at demo/1.yaml:1 [duplicate-pod]",
  ]);
});

test('two pods of one name in two namespaces are two pods', () => {
  assert.deepEqual(findings(podWith({}), podWith({}, { namespace: 'other' })), []);
});

test('two containers with the same podman name', () => {
  assert.deepEqual(findings(pod('a', ['b-c']), pod('a-b', ['c'])), [
    "spec.containers[0].name: name conflict: container 'c' of pod 'a-b' and container 'b-c' of pod 'a' would both be named 'a-b-c' [name-collision]",
  ]);
});

test('a container with the podman name of a pod', () => {
  assert.deepEqual(findings(pod('a-b', ['c']), pod('a', ['b'])), [
    "spec.containers[0].name: name conflict: container 'b' of pod 'a' and pod 'a-b' would both be named 'a-b' [name-collision]",
  ]);
});

test('claims with one volume, or with that of the record of an adoption', () => {
  const claim = (name: string, volume: string): string =>
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name, annotations: { 'podpose.io/volume': volume } },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    });
  const mount = (name: string) => ({ name, mountPath: `/${name}` });
  const user = podWith({
    containers: [{ name: 'c', image, volumeMounts: [mount('x'), mount('y')] }],
    volumes: ['x', 'y'].map((name) => ({ name, persistentVolumeClaim: { claimName: name } })),
  });
  const conflict = (other: string, name: string): string =>
    `spec.volumes[1].name: name conflict: the volume of PersistentVolumeClaim 'y' and ${other} would both be named '${name}' [name-collision]`;
  assert.deepEqual(findings(user, claim('x', 'data'), claim('y', 'data')), [
    conflict("the volume of PersistentVolumeClaim 'x'", 'data'),
  ]);
  assert.deepEqual(findings(user, claim('x', 'data'), claim('y', 'data_adopted')), [
    conflict("the record of an adoption of the volume of PersistentVolumeClaim 'x'", 'data_adopted'),
  ]);
  assert.deepEqual(findings(user, claim('x', 'data'), claim('y', 'other')), []);
});

test('two volumes with the same podman name', () => {
  assert.deepEqual(findings(pod('a', ['x'], ['b-c']), pod('a-b', ['y'], ['c'])), [
    "spec.volumes[0].name: name conflict: volume 'c' of pod 'a-b' and volume 'b-c' of pod 'a' would both be named 'a-b-c' [name-collision]",
  ]);
});

test('a host path has no name outside of its pod', () => {
  const volumes = [{ name: 'c', hostPath: { path: '/tmp' } }];
  const containers = [{ name: 'y', image, volumeMounts: [{ name: 'c', mountPath: '/c' }] }];
  assert.deepEqual(findings(pod('a', ['x'], ['b-c']), podWith({ volumes, containers }, { name: 'a-b' })), []);
});

test('only the pod with an error is left out', () => {
  const { pods } = mean(pod('a', ['Bad']), pod('b', ['good']));
  assert.deepEqual(
    pods.map((sourced) => sourced.pod.name),
    ['b'],
  );
});

test('two pods with one host name and domain', () => {
  const spec = { hostname: 'a', subdomain: 'sub' };
  assert.deepEqual(findings(podWith(spec, { name: 'x' }), podWith(spec, { name: 'y' })), [
    "spec.subdomain: name conflict: the host of pod 'y' and the host of pod 'x' would both be named 'a.sub.default.svc.cluster.local' [name-collision]",
  ]);
  const alike = { ...spec, setHostnameAsFQDN: true };
  assert.deepEqual(findings(podWith(alike, { name: 'x' }), podWith(alike, { name: 'y' })), []);
});
