import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findings, podWith, podWithContainer } from '../manifest.ts';

const http = { httpGet: { port: 80 } };

const OF_CLUSTER = 'cluster-only field, no effect here [ignored]';

test('cluster-only fields give one warning per pod, at the first field', () => {
  const spec = {
    nodeSelector: { disk: 'ssd' },
    tolerations: [{ operator: 'Exists' }],
    affinity: { nodeAffinity: {} },
    priorityClassName: 'high',
  };
  assert.deepEqual(findings(podWith(spec)), [
    `warning: spec.nodeSelector: ignored, also spec.tolerations, spec.affinity and spec.priorityClassName: ${OF_CLUSTER}`,
  ]);
});

test('that warning names all of them', () => {
  const spec = {
    affinity: { podAffinity: {} },
    automountServiceAccountToken: true,
    nodeSelector: { disk: 'ssd' },
    overhead: { cpu: '1m' },
    preemptionPolicy: 'Never',
    priority: 5,
    priorityClassName: 'high',
    readinessGates: [{ conditionType: 'example.com/ready' }],
    schedulerName: 'own',
    schedulingGates: [{ name: 'example.com/wait' }],
    serviceAccount: 'robot',
    serviceAccountName: 'robot',
    tolerations: [{ operator: 'Exists' }],
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: {} },
    ],
  };
  const [only = '', ...others] = findings(podWith(spec));
  assert.deepEqual(others, []);
  for (const field of Object.keys(spec)) assert.match(only, new RegExp(`\\bspec\\.${field}\\b`));
});

test('each pod has its own warning', () => {
  const pods = ['a', 'b'].map((name) => podWith({ nodeName: 'n1' }, { name }));
  assert.equal(findings(...pods).length, 2);
});

test('fields that are ignored for another reason give a warning of their own', () => {
  const resizePolicy = [{ resourceName: 'cpu', restartPolicy: 'NotRequired' }];
  assert.deepEqual(findings(podWithContainer({ resizePolicy }, { nodeName: 'n1' })), [
    'warning: spec.containers[0].resizePolicy: ignored: a container is recreated when its resources change [ignored]',
    `warning: spec.nodeName: ignored: ${OF_CLUSTER}`,
  ]);
});

test('every refused field is reported', () => {
  const tcp = { tcpSocket: { port: 80 } };
  assert.deepEqual(findings(podWithContainer({ lifecycle: { postStart: tcp, preStop: tcp } })), [
    'spec.containers[0].lifecycle.postStart.tcpSocket: not supported: a kubelet cannot run it either: use exec or httpGet [not-supported]',
    'spec.containers[0].lifecycle.preStop.tcpSocket: not supported: a kubelet cannot run it either: use exec or httpGet [not-supported]',
  ]);
  assert.deepEqual(findings(podWithContainer({ lifecycle: { postStart: http, preStop: http } })), []);
  assert.deepEqual(findings(podWithContainer({ livenessProbe: http, readinessProbe: http })), []);
});

test('sidecars and the restart policies and rules of containers are accepted; RestartAllContainers not of an init container', () => {
  const rule = (action: string) => ({ action, exitCodes: { operator: 'In', values: [42] } });
  const spec = {
    initContainers: [
      { name: 'proxy', image: 'envoy:1', restartPolicy: 'Always' },
      {
        name: 'setup',
        image: 'busybox:1',
        restartPolicy: 'OnFailure',
        restartPolicyRules: [rule('RestartAllContainers')],
      },
    ],
    containers: [
      {
        name: 'app',
        image: 'nginx:1.27',
        restartPolicy: 'Never',
        restartPolicyRules: [rule('Restart'), rule('RestartAllContainers')],
      },
    ],
  };
  assert.deepEqual(
    findings(podWith(spec)).map((line) => line.replace(/: .* \[/, ' [')),
    ['spec.initContainers[1].restartPolicyRules[0].action [not-supported-yet]'],
  );
});

test('fields that need a cluster are not supported', () => {
  const volumes = [{ name: 'disk', gcePersistentDisk: { pdName: 'disk' } }];
  assert.deepEqual(
    findings(podWithContainer({ volumeMounts: [{ name: 'disk', mountPath: '/d' }] }, { volumes })),
    [
      'spec.volumes[0].gcePersistentDisk: not supported: this storage needs a cluster storage driver [not-supported]',
    ],
  );
});

test('a value without effect is accepted silently', () => {
  const container = {
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    stdinOnce: false,
    lifecycle: {},
    envFrom: [],
    securityContext: { runAsNonRoot: false, procMount: 'Default' },
  };
  const spec = {
    automountServiceAccountToken: false,
    enableServiceLinks: true,
    hostUsers: true,
    imagePullSecrets: [],
    serviceAccountName: 'default',
    setHostnameAsFQDN: false,
    subdomain: '',
    tolerations: [],
    affinity: {},
    nodeSelector: {},
    schedulerName: 'default-scheduler',
    priority: 0,
    preemptionPolicy: 'PreemptLowerPriority',
  };
  assert.deepEqual(findings(podWithContainer(container, spec)), []);
});

test('fields written by a cluster are accepted silently', () => {
  const metadata = {
    creationTimestamp: '2026-01-01T00:00:00Z',
    generation: 1,
    managedFields: [{ manager: 'kubectl', operation: 'Update', apiVersion: 'v1' }],
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'x' }],
    resourceVersion: '1',
    uid: 'x',
    namespace: 'default',
  };
  assert.deepEqual(findings(podWith({}, metadata)), []);
});

test('a nodeSelector for Linux matches', () => {
  assert.deepEqual(findings(podWith({ nodeSelector: { 'kubernetes.io/os': 'linux' } })), []);
  assert.match(
    findings(podWith({ nodeSelector: { 'kubernetes.io/os': 'windows' } })).join('\n'),
    /nodeSelector\['kubernetes\.io\/os'\]: not supported: Windows containers need a Windows node/,
  );
});

test('a namespace is accepted silently', () => {
  assert.deepEqual(findings(podWith({}, { namespace: 'shop' })), []);
});
