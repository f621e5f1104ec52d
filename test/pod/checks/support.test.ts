import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findings, podWith, podWithContainer } from '../manifest.ts';

const http = { httpGet: { port: 80 } };

test('fields that only a scheduler needs give one warning a pod, at the first of them', () => {
  const spec = {
    nodeSelector: { disk: 'ssd' },
    tolerations: [{ operator: 'Exists' }],
    affinity: { nodeAffinity: {} },
    priorityClassName: 'high',
  };
  assert.deepEqual(findings(podWith(spec)), [
    'warning: spec.nodeSelector: ignored, and so are spec.tolerations, spec.affinity and spec.priorityClassName: it is for a cluster that has nodes and pods to choose from, and here there is one machine [ignored]',
  ]);
});

test('fields that are ignored for another reason give a warning of their own', () => {
  assert.deepEqual(
    findings(podWith({ nodeName: 'n1', serviceAccountName: 'robot', serviceAccount: 'robot' })),
    [
      'warning: spec.nodeName: ignored: it is for a cluster that has nodes and pods to choose from, and here there is one machine [ignored]',
      'warning: spec.serviceAccountName: ignored, and so is spec.serviceAccount: there is no API server here that a service account could speak to [ignored]',
    ],
  );
});

test('every field that is refused is told of', () => {
  assert.deepEqual(findings(podWithContainer({ livenessProbe: http, readinessProbe: http })), [
    'spec.containers[0].livenessProbe: not supported yet: probes are not run [not-supported-yet]',
    'spec.containers[0].readinessProbe: not supported yet: probes are not run [not-supported-yet]',
  ]);
});

test('a sidecar and volumes from elsewhere are refused for now', () => {
  const spec = {
    initContainers: [{ name: 'proxy', image: 'envoy:1', restartPolicy: 'Always' }],
    containers: [
      {
        name: 'app',
        image: 'nginx:1.27',
        volumeMounts: [{ name: 'config', mountPath: '/config', subPathExpr: '$(A)' }],
      },
    ],
    volumes: [{ name: 'config', configMap: { name: 'config' } }],
  };
  assert.deepEqual(
    findings(podWith(spec)).map((line) => line.replace(/: .* \[/, ' [')),
    [
      'spec.initContainers[0].restartPolicy [not-supported-yet]',
      'spec.volumes[0].configMap [not-supported-yet]',
    ],
  );
});

test('what only a cluster can do is refused for good', () => {
  const volumes = [{ name: 'disk', gcePersistentDisk: { pdName: 'disk' } }];
  assert.deepEqual(
    findings(podWithContainer({ volumeMounts: [{ name: 'disk', mountPath: '/d' }] }, { volumes })),
    [
      'spec.volumes[0].gcePersistentDisk: not supported: this storage is attached to the nodes of a cluster by its drivers [not-supported]',
    ],
  );
});

test('a value that asks for nothing is accepted without a word', () => {
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

test('what a cluster writes into its objects is accepted without a word', () => {
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

test('a namespace is ignored', () => {
  assert.deepEqual(findings(podWith({}, { namespace: 'shop' })), [
    'warning: metadata.namespace: ignored: all pods of one user share one name space here [ignored]',
  ]);
});
