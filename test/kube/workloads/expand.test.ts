import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DesiredPods } from '../../../src/kube/desired-pods.ts';
import { mean, show, type Fields } from '../manifest.ts';
import { template, workload } from '../validation/workload-manifest.ts';

const expand = (kind: string, spec: Fields = {}): DesiredPods => mean(JSON.stringify(workload(kind, spec)));
const names = ({ pods }: DesiredPods): readonly string[] => pods.map(({ pod }) => pod.name);
const codes = ({ diagnostics }: DesiredPods): readonly string[] => diagnostics.map(({ code }) => code);

test('a Deployment has one pod by default, and the names of its pods have a hash and a number', () => {
  assert.match(names(expand('Deployment')).join(), /^web-[0-9a-f]{5}-1$/);
  assert.match(names(expand('Deployment', { replicas: 2 })).join(), /^web-([0-9a-f]{5})-1,web-\1-2$/);
  assert.deepEqual(names(expand('Deployment', { replicas: 0 })), []);
});

test('each pod names its owner', () => {
  for (const [kind, owner] of [
    ['Deployment', 'deploy/web'],
    ['ReplicaSet', 'rs/web'],
    ['ReplicationController', 'rc/web'],
    ['StatefulSet', 'sts/web'],
    ['DaemonSet', 'ds/web'],
  ] as const) {
    const { pods, workloads } = expand(kind);
    assert.deepEqual(
      pods.map(({ pod }) => pod.owner),
      [owner],
    );
    assert.equal(workloads[0]?.owner, owner);
  }
});

test('the names of the pods of a StatefulSet are numbered', () => {
  const { pods } = expand('StatefulSet', { replicas: 2, serviceName: 'db', ordinals: { start: 3 } });
  assert.deepEqual(
    pods.map(({ pod: { name, sandbox, labels } }) => [
      name,
      sandbox.fqdn,
      labels['apps.kubernetes.io/pod-index'],
      labels['statefulset.kubernetes.io/pod-name'],
    ]),
    [3, 4].map((n) => [`web-${n}`, `web-${n}.db.default.svc.cluster.local`, `${n}`, `web-${n}`]),
  );
});

test('each pod of a StatefulSet has its own claims, instead of volumes of their names', () => {
  const { pods, diagnostics } = expand('StatefulSet', {
    replicas: 2,
    template: template({
      containers: [
        { name: 'app', image: 'nginx:1.27', volumeMounts: [{ name: 'data', mountPath: '/data' }] },
      ],
      volumes: [{ name: 'data', emptyDir: {} }],
    }),
    volumeClaimTemplates: [
      {
        metadata: { name: 'data' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      },
    ],
  });
  assert.deepEqual(diagnostics.map(show), []);
  assert.deepEqual(
    pods.flatMap(({ pod }) => pod.volumes.map(({ source }) => 'claimName' in source && source.claimName)),
    ['data-web-0', 'data-web-1'],
  );
});

test('a mistake in a template is reported once, at its place in the workload', () => {
  const containers = [{ name: 'app', image: 'nginx:1.27', workingDir: 'app' }];
  assert.deepEqual(
    expand('Deployment', { replicas: 3, template: template({ containers }) }).diagnostics.map(show),
    [
      "spec.template.spec.containers[0].workingDir: must be an absolute path, got 'app', did you mean '/app'? [unusable-path]",
    ],
  );
});

test('a template is checked even if there is no pod', () => {
  const containers = [{ name: 'app', image: 'nginx:1.27', workingDir: 'app' }];
  assert.deepEqual(codes(expand('Deployment', { replicas: 0, template: template({ containers }) })), [
    'unusable-path',
  ]);
});

test('of pods that need the same hostPort, one is created', () => {
  const ports = [{ containerPort: 80, hostPort: 8080 }];
  const found = expand('Deployment', {
    replicas: 3,
    template: template({ containers: [{ name: 'app', image: 'nginx:1.27', ports }] }),
  });
  assert.equal(found.pods.length, 1);
  assert.deepEqual(found.diagnostics.map(show), [
    'warning: spec.replicas: 1 of 3 pods is created: the others would be Pending on one node, as only one can use the hostPort 8080 (spec.template.spec.containers[0].ports[0]) [pending-pods]',
  ]);
});

test('a project has as many pods as a node', () => {
  assert.equal(expand('Deployment', { replicas: 110 }).pods.length, 110);
  assert.deepEqual(codes(expand('Deployment', { replicas: 111 })), ['too-many-pods']);
});

test('what an API server refuses only in a pod is no mistake of the workload to it', () => {
  const containers = [{ name: 'app', image: ' nginx' }];
  assert.deepEqual(codes(expand('Deployment', { template: template({ containers }) })), ['pod-refused']);
});

test('two workloads whose pods would have one name are an error at the second', () => {
  const { diagnostics } = mean(
    JSON.stringify(workload('Deployment')),
    JSON.stringify(workload('ReplicaSet', { replicas: 2 })),
  );
  assert.deepEqual(
    diagnostics.map(({ code, location }) => [code, location?.file]),
    [['duplicate-pod', 'demo/2.yaml']],
  );
});
