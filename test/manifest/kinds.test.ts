import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiVersionOf, isKind, isSupportedKind } from '../../src/manifest/kinds.ts';
import { otherKinds } from '../../src/manifest/other-kinds.ts';
import { readManifests } from '../../src/manifest/read-manifests.ts';
import { codes, faults, helps, only, pod } from './faults.ts';

const rest = 'metadata: {name: a}\nspec: {containers: [{name: a, image: b}]}\n';

for (const [name, head, expected] of [
  ['misspelt-kind', 'apiVersion: v1\nkind: pod', ["2:7 kind: unknown kind 'pod', did you mean 'Pod'?"]],
  [
    'misspelt-kind-of-another',
    'apiVersion: v1\nkind: Deploymnet',
    [
      "1:13 apiVersion: invalid apiVersion 'v1' of a Deployment, did you mean 'apps/v1'?",
      "2:7 kind: unknown kind 'Deploymnet', did you mean 'Deployment'?",
      "4:7 spec: missing required field 'selector'",
      "4:7 spec: missing required field 'template'",
      "4:8 spec: unknown field 'containers'",
    ],
  ],
  ['unknown-kind', 'apiVersion: v1\nkind: Spaceship', ["2:7 kind: unknown kind 'Spaceship'"]],
  [
    'custom-kind',
    'apiVersion: cert-manager.io/v1\nkind: Certificate',
    [
      "2:7 kind: 'Certificate' of cert-manager.io is ignored: it is a custom resource, and there is no API server to define it",
    ],
  ],
  [
    'custom-kind-with-a-name-of-kubernetes',
    'apiVersion: serving.knative.dev/v1\nkind: Service',
    [
      "2:7 kind: 'Service' of serving.knative.dev is ignored: it is a custom resource, and there is no API server to define it",
    ],
  ],
  [
    'custom-kind-of-kubernetes-own-people',
    'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway',
    [
      "2:7 kind: 'Gateway' of gateway.networking.k8s.io is ignored: it is a custom resource, and there is no API server to define it",
    ],
  ],
  ['no-kind', 'apiVersion: v1', ["1:1 missing required field 'kind'"]],
  ['no-api-version', 'kind: Pod', ["1:1 missing required field 'apiVersion'"]],
  [
    'wrong-api-version',
    'apiVersion: v2\nkind: Pod',
    ["1:13 apiVersion: invalid apiVersion 'v2' of a Pod, did you mean 'v1'?"],
  ],
  [
    'api-version-of-a-wrong-type',
    'apiVersion: 1\nkind: Pod',
    ["1:13 apiVersion: invalid apiVersion number 1 of a Pod, did you mean 'v1'?"],
  ],
  ['kind-of-a-wrong-type', 'apiVersion: v1\nkind: [Pod]', ['2:7 kind: must be a string, got a list']],
  [
    'misspelt-names',
    'apiversion: v1\nKind: Pod',
    [
      "1:1 unknown field 'apiversion', did you mean 'apiVersion'?",
      "2:1 unknown field 'Kind', did you mean 'kind'?",
    ],
  ],
] as const)
  test(`kinds: ${name}`, () => {
    assert.deepEqual(faults(`${head}\n${rest}`), expected);
  });

const WITHOUT_SPEC = 'metadata: {name: a}\n';

for (const [name, head, expected] of [
  [
    'network-policy',
    'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy',
    [
      '2:7 kind: a NetworkPolicy is ignored: network policies are not enforced; all pods can reach each other',
    ],
  ],
  [
    'ignored-kind-of-an-older-version',
    'apiVersion: autoscaling/v1\nkind: HorizontalPodAutoscaler',
    [
      "1:1 missing required field 'spec'",
      '2:7 kind: a HorizontalPodAutoscaler is ignored: pods are not scaled automatically',
    ],
  ],
  [
    'ignored-kind-of-another-group',
    'apiVersion: v1\nkind: APIService',
    [
      "1:13 apiVersion: invalid apiVersion 'v1' of an APIService, did you mean 'apiregistration.k8s.io/v1'?",
      '2:7 kind: an APIService is ignored: there is no API server to extend',
    ],
  ],
  [
    'ignored-kind-without-api-version',
    'kind: Node',
    ["1:1 missing required field 'apiVersion'", '1:7 kind: a Node is ignored: this machine is the only node'],
  ],
  [
    'removed-kind',
    'apiVersion: policy/v1beta1\nkind: PodSecurityPolicy',
    ["2:7 kind: unknown kind 'PodSecurityPolicy'"],
  ],
  [
    'version-no-longer-served',
    'apiVersion: batch/v1beta1\nkind: PodDisruptionBudget',
    [
      "1:13 apiVersion: invalid apiVersion 'batch/v1beta1' of a PodDisruptionBudget, did you mean 'policy/v1'?",
      '2:7 kind: a PodDisruptionBudget is ignored: pods are not evicted, and podpose stops them only on request',
    ],
  ],
] as const)
  test(`other kinds: ${name}`, () => {
    assert.deepEqual(faults(`${head}\n${WITHOUT_SPEC}`), expected);
  });

for (const [name, head, expected] of [
  ['misspelt', 'apiVersion: v1\nkind: pod', ['unknown-kind', 'unknown-field']],
  ['forgotten', 'apiVersion: v1', ['missing-field', 'unknown-field']],
] as const)
  test(`an object of a ${name} kind is still checked`, () => {
    const manifest = `${head}\n${rest.replace('image', 'imag')}`;
    assert.deepEqual(codes(manifest), expected);
    assert.equal(only(manifest).value.kind, 'Pod');
    assert.equal(only(manifest).complete, undefined);
  });

test('an unknown kind lists the supported kinds', () => {
  assert.deepEqual(helps(`apiVersion: v1\nkind: Spaceship\n${rest}`), [
    'Supported kinds: Pod, Deployment, ReplicaSet, ReplicationController, StatefulSet, DaemonSet, Job, CronJob, ConfigMap, Secret, PersistentVolumeClaim, PersistentVolume, Service, Endpoints, EndpointSlice, Ingress, Namespace.',
  ]);
});

test('an object of an ignored kind gives a warning, and is checked', () => {
  const text = `apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\nsecrets: 3\n`;
  const { documents, diagnostics } = readManifests([{ file: 'f', text }]);
  assert.equal(documents.length, 1);
  assert.deepEqual(
    diagnostics.map(({ severity, code }) => [severity, code]),
    [
      ['warning', 'ignored-kind'],
      ['error', 'wrong-type'],
    ],
  );
});

test('every other kind has its words, its version, and is not a supported one', () => {
  for (const [kind, other] of Object.entries(otherKinds)) {
    assert.ok(isKind(kind) && !isSupportedKind(kind), kind);
    const apiVersion = apiVersionOf(kind);
    assert.match(apiVersion, /^(?:[a-z0-9.]+\/)?v\d(?:beta\d)?$/, kind);
    assert.match(other.lost, /^[a-z].*[^.]$/, kind);
    const found = codes(`apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: a}\n`);
    assert.ok(found.includes('ignored-kind'), kind);
  }
});

test('ignored objects in a List have their location', () => {
  const text = 'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Node, metadata: {name: a}}\n';
  assert.deepEqual(faults(text), ['4:26 kind: a Node is ignored: this machine is the only node']);
});

test('a List is replaced with its items, each with its location', () => {
  const manifest = [
    'apiVersion: v1',
    'kind: List',
    'items:',
    '- apiVersion: v1',
    '  kind: Pod',
    '  metadata: {name: a}',
    '  spec:',
    '    containers: [{name: a, image: b}]',
    '- apiVersion: v1',
    '  kind: Pod',
    '  metadata: {name: b}',
    '  spec:',
    '    containers: [{name: a, image: b, tty: 1}]',
  ].join('\n');
  const { documents, diagnostics } = readManifests([{ file: 'list.yaml', text: manifest }]);
  assert.deepEqual(
    documents.map(({ value }) => value.metadata?.name),
    ['a', 'b'],
  );
  assert.deepEqual(
    documents.map(({ locate }) => locate(['metadata', 'name']).line),
    [6, 11],
  );
  assert.deepEqual(
    diagnostics.map(({ path, location }) => [path, location?.line]),
    [['spec.containers[0].tty', 13]],
  );
  assert.ok(documents[0]?.complete !== undefined);
  assert.equal(documents[1]?.complete, undefined);
});

test('the items of a PodList may omit their kind', () => {
  const manifest = `{"apiVersion": "v1", "kind": "PodList", "items": [{"metadata": {"name": "a"}, "spec": {"containers": []}}]}`;
  assert.deepEqual(faults(manifest), []);
  assert.equal(only(manifest).complete?.kind, 'Pod');
});

test('a List without items', () => {
  assert.deepEqual(faults('apiVersion: v1\nkind: List'), []);
  assert.deepEqual(faults('apiVersion: v1\nkind: List\nitems:'), []);
  assert.deepEqual(faults('apiVersion: v1\nkind: List\nitems: {}'), [
    '3:1 items: expected a list of the items of the List',
  ]);
});

test('documents and files keep their order, and an invalid file does not affect others', () => {
  const named = (name: string): string => pod({}).replace('one', name);
  const { documents, diagnostics } = readManifests([
    { file: 'b.yaml', text: `${named('b1')}---\n${named('b2')}` },
    { file: 'broken.yaml', text: '[' },
    {
      file: 'a.json',
      text: JSON.stringify({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'a' },
        spec: { containers: [] },
      }),
    },
  ]);
  assert.deepEqual(
    documents.map(({ value, file }) => [value.metadata?.name, file]),
    [
      ['b1', 'b.yaml'],
      ['b2', 'b.yaml'],
      ['a', 'a.json'],
    ],
  );
  assert.deepEqual(
    diagnostics.map(({ location }) => location?.file),
    ['broken.yaml'],
  );
});
