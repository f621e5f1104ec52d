import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainPaint } from '../../src/base/paint.ts';
import { desiredSpec, liveSpec } from '../../src/plan/compare/spec-documents.ts';
import type { DesiredPod } from '../../src/kube/spec/desired.ts';
import { containerSettings, podSettings } from '../../src/kube/spec/settings.ts';
import { encodeSpec, LABEL } from '../../src/podman/labels.ts';
import type { ObservedState } from '../../src/podman/inspect/observed.ts';
import { renderSpecDiff } from '../../src/view/plan/spec-diff.ts';
import { observedContainer, podOf } from '../support/desired.ts';

const plain = podOf('web', 'Always', 'app', 'log');

function portOf(hostPort: number): DesiredPod {
  const port = { container: 'app', portName: 'http', hostIP: '127.0.0.1', containerPort: 80 } as const;
  return { ...plain, sandbox: { ...plain.sandbox, hostPorts: [{ ...port, hostPort, protocol: 'TCP' }] } };
}

function made(pod: DesiredPod): ObservedState {
  const labels = (settings: unknown) => ({ [LABEL.format]: '1', [LABEL.spec]: encodeSpec(settings) });
  const owner = { project: 'demo', pod: pod.name, role: 'pod' } as const;
  return {
    pods: [
      {
        id: 'p',
        name: pod.name,
        labels: labels(podSettings(pod)),
        owner,
        infra: 'running',
        infraStartedAt: 1,
      },
    ],
    containers: pod.containers.map((container) => ({
      ...observedContainer(`${pod.name}-${container.name}`, 'running'),
      labels: labels(containerSettings(container)),
      podName: pod.name,
      owner: { ...owner, role: 'container', name: container.name },
    })),
    volumes: [],
    images: [],
  };
}

function diff(before: DesiredPod, after: DesiredPod): readonly string[] {
  const pair = { pod: 'web', live: liveSpec(after, made(before)), desired: desiredSpec(after) };
  const lines = renderSpecDiff([pair], plainPaint).split('\n');
  return lines.filter((line) => /^[-+] /.test(line));
}

test('a pod in the form of a manifest: ports at their containers', () => {
  assert.deepEqual(diff(portOf(8080), portOf(8081)), [
    '-          hostPort: 8080',
    '+          hostPort: 8081',
  ]);
  assert.deepEqual(diff(portOf(8080), portOf(8080)), []);
});

test('inherited settings are in the spec, others at the container', () => {
  const patient = {
    ...plain,
    containers: plain.containers.map((one) => ({ ...one, terminationGracePeriodSeconds: 5 })),
  };
  assert.deepEqual(diff(plain, patient), ['+  terminationGracePeriodSeconds: 5']);
  const mixed = { ...patient, containers: [...patient.containers.slice(0, 1), ...plain.containers.slice(1)] };
  assert.deepEqual(diff(mixed, patient), [
    '-      spec:',
    '-        terminationGracePeriodSeconds: 5',
    '+  terminationGracePeriodSeconds: 5',
  ]);
});
