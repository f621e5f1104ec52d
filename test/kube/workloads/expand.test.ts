import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DesiredPods } from '../../../src/kube/desired-pods.ts';
import { mean, show, type Fields } from '../manifest.ts';
import { job, template, workload } from '../validation/workload-manifest.ts';

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

const expandJob = (spec: Fields = {}): DesiredPods => mean(JSON.stringify(job(spec)));

for (const [title, spec, pods, warnings] of [
  ['without a number', {}, 1, []],
  ['with completions and as many at once', { completions: 3, parallelism: 3 }, 3, []],
  ['with more completions than parallelism', { completions: 3, parallelism: 2 }, 2, []],
  ['with completions only', { completions: 2 }, 1, []],
  ['of a work queue', { parallelism: 2 }, 2, []],
  [
    'with a parallelism of 0',
    { completions: 2, parallelism: 0 },
    0,
    ['warning: spec.parallelism: no pod is created: the Job is suspended [pending-pods]'],
  ],
  [
    'that is suspended',
    { completions: 2, suspend: true },
    1,
    ['warning: spec.suspend: no pod is created: the Job is suspended [pending-pods]'],
  ],
  [
    'whose pods need the same ports',
    {
      ...{ completions: 2, parallelism: 2 },
      template: template({ restartPolicy: 'Never', hostNetwork: true }),
    },
    1,
    [
      'warning: spec.parallelism: one pod runs at a time, not 2: only one can use the ports of the host network [pending-pods]',
    ],
  ],
] as const)
  test(`the pods of a Job ${title}`, () => {
    const found = expandJob(spec);
    assert.equal(found.pods.length, 0);
    assert.equal(found.jobs[0]?.job.spec.parallelism, pods);
    assert.deepEqual(found.diagnostics.map(show), warnings);
  });

test('a pod of a Job has the name of the Job, and an Indexed one its index', () => {
  const label = 'batch.kubernetes.io/job-completion-index';
  const ofJob = { 'batch.kubernetes.io/job-name': 'once', 'job-name': 'once' };
  const [once] = expandJob().jobs;
  const plain = once?.podOf('3', undefined).pod ?? assert.fail();
  assert.deepEqual(plain.labels, { app: 'web', ...ofJob });
  assert.match(plain.name, /^once-[0-9a-f]{5}-3$/);
  const [job] = expandJob({ completionMode: 'Indexed', completions: 2, parallelism: 2 }).jobs;
  const { owner, labels, annotations, sandbox, containers, name } = job?.podOf('1-2', 1).pod ?? assert.fail();
  assert.match(name, /^once-[0-9a-f]{5}-1-2$/);
  assert.deepEqual(
    [owner, labels, annotations, sandbox.hostname, containers.map(({ env }) => env)],
    [
      'job/once',
      { app: 'web', ...ofJob, [label]: '1' },
      { [label]: '1' },
      'once-1',
      [[{ name: 'JOB_COMPLETION_INDEX', value: '1' }]],
    ],
  );
});

test('a mistake of a Job is reported once, at its place', () => {
  const found = expandJob({
    activeDeadlineSeconds: -1,
    completions: 2,
    parallelism: 2,
    template: template({ restartPolicy: 'Never', containers: [{ name: 'app', image: ' nginx' }] }),
  });
  assert.deepEqual(
    found.diagnostics.map(({ code, path }) => `${code} ${path}`),
    ['pod-refused spec.template.spec.containers[0].image', 'out-of-range spec.activeDeadlineSeconds'],
  );
});
