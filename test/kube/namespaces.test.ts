import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inNamespace } from '../../src/kube/object-namespaces.ts';
import { readManifests } from '../../src/manifest/read-manifests.ts';
import { mean, podWith, podWithContainer, show, type Fields } from './manifest.ts';

const object = (kind: string, name: string, namespace: string, rest: Fields): string =>
  JSON.stringify({ apiVersion: 'v1', kind, metadata: { name, namespace }, ...rest });

const settings = (namespace: string, MODE: string) =>
  object('ConfigMap', 'settings', namespace, { data: { MODE } });

const claim = (namespace: string) =>
  object('PersistentVolumeClaim', 'data', namespace, {
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  });

const usesClaim = (namespace: string) =>
  podWith(
    {
      containers: [
        { name: 'app', image: 'nginx:1.27', volumeMounts: [{ name: 'data', mountPath: '/data' }] },
      ],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
    },
    { namespace },
  );

/** A pod of the namespace that reads the ConfigMap `settings`. */
function reader(namespace: string): string {
  return podWith(
    { containers: [{ name: 'app', image: 'nginx:1.27', envFrom: [{ configMapRef: { name: 'settings' } }] }] },
    { namespace },
  );
}

test('objects of one name in two namespaces are two objects', () => {
  const { pods, diagnostics } = mean(
    settings('default', 'live'),
    settings('staging', 'test'),
    reader('default'),
    reader('staging'),
  );
  assert.deepEqual(diagnostics.map(show), []);
  assert.deepEqual(
    pods.map(({ pod }) => [pod.name, pod.sandbox.hostname, pod.sandbox.namespace, pod.containers[0]?.env]),
    [
      ['web', 'web', 'default', [{ name: 'MODE', value: 'live' }]],
      ['staging_web', 'web', 'staging', [{ name: 'MODE', value: 'test' }]],
    ],
  );
});

test('two objects of one name in one namespace are an error', () => {
  const { diagnostics } = mean(
    settings('staging', 'a'),
    settings('staging', 'b'),
    reader('staging'),
    reader('staging'),
  );
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    ['duplicate-object', 'duplicate-pod'],
  );
});

test('a pod cannot refer to an object of another namespace', () => {
  const { diagnostics } = mean(settings('staging', 'test'), reader('default'));
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    ['missing-object'],
  );
});

test('claims of one name in two namespaces have two volumes', () => {
  const { pods, diagnostics } = mean(
    claim('default'),
    claim('staging'),
    usesClaim('default'),
    usesClaim('staging'),
  );
  assert.deepEqual(diagnostics.map(show), []);
  assert.deepEqual(
    pods.map(({ pod }) => pod.volumes.map(({ source }) => 'claimName' in source && source.claimName)),
    [['data'], ['staging_data']],
  );
});

test('a PersistentVolume that is reserved for a claim of another namespace is not bound', () => {
  const volume = JSON.stringify({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'disk' },
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      hostPath: { path: '/srv/data' },
      claimRef: { name: 'data', namespace: 'staging' },
    },
  });
  const { pods } = mean(
    volume,
    claim('default'),
    claim('staging'),
    usesClaim('default'),
    usesClaim('staging'),
  );
  assert.deepEqual(
    pods.map(({ pod }) => pod.volumes.map(({ source }) => source.type)),
    [['persistentVolumeClaim'], ['hostPath']],
  );
});

test('a Namespace is accepted, and is in no namespace itself', () => {
  const namespace = JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'staging' } });
  const { diagnostics } = mean(namespace, namespace, podWith({}, { namespace: 'staging' }));
  assert.deepEqual(diagnostics.map(show), []);
});

test('a workload and its pods have the namespace in their names', () => {
  const { pods, workloads } = mean(
    JSON.stringify({
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'db', namespace: 'staging' },
      spec: {
        selector: { matchLabels: { app: 'db' } },
        template: {
          metadata: { labels: { app: 'db' } },
          spec: { containers: [{ name: 'db', image: 'postgres:17' }] },
        },
      },
    }),
  );
  assert.deepEqual(
    pods.map(({ pod }) => [pod.name, pod.owner]),
    [['staging_db-0', 'sts/staging_db']],
  );
  assert.deepEqual(
    workloads.map(({ owner, podPrefix }) => [owner, podPrefix]),
    [['sts/staging_db', 'staging_db-']],
  );
});

test('a pod whose name is that of a record container is refused', () => {
  const { diagnostics } = mean(
    podWith({}, { name: 'web' }),
    podWith({}, { name: 'files', namespace: 'web' }),
  );
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    ['name-collision'],
  );
});

/** What becomes of the namespaces of objects with `--namespace staging`. */
function namespaces(...texts: readonly string[]): readonly (string | undefined)[] {
  const { documents } = readManifests(texts.map((text, index) => ({ file: `${index}.yaml`, text })));
  const found = inNamespace(documents, 'staging');
  return found.diagnostics.length > 0
    ? found.diagnostics.map(({ code }) => code)
    : found.documents.map(({ complete }) => complete?.metadata?.namespace);
}

test('the namespace of the command line is that of objects without one', () => {
  assert.deepEqual(namespaces(podWith({}), podWith({}, { namespace: 'staging' })), ['staging', 'staging']);
});

test('another namespace than that of the command line is an error', () => {
  assert.deepEqual(namespaces(podWith({}), podWith({}, { namespace: 'production' })), ['namespace-mismatch']);
});

test('the namespace of the command line is not that of an object of the whole cluster', () => {
  const namespace = JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other' } });
  assert.deepEqual(namespaces(namespace, podWithContainer({})), [undefined, 'staging']);
});
