import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../src/base/json-members.ts';
import { probeLines } from '../../src/view/status/describe-probes.ts';

/** Probes, and their text in the format of kubectl (DescribeProbe in k8s.io/kubectl/pkg/describe). */
const TEXTS: readonly (readonly [JsonObject, string])[] = [
  [
    { httpGet: { port: 8080, path: '/alive' }, periodSeconds: 2, failureThreshold: 2 },
    'http-get http://:8080/alive delay=0s timeout=1s period=2s #success=1 #failure=2',
  ],
  [
    { httpGet: { port: 8443, scheme: 'HTTPS', host: 'a.example', path: 'x' }, initialDelaySeconds: 5 },
    'http-get https://a.example:8443/x delay=5s timeout=1s period=10s #success=1 #failure=3',
  ],
  [
    { exec: { command: ['cat', '/tmp/ready'] }, timeoutSeconds: 3, successThreshold: 2 },
    'exec [cat /tmp/ready] delay=0s timeout=3s period=10s #success=2 #failure=3',
  ],
  [{ tcpSocket: { port: 5432 } }, 'tcp-socket :5432 delay=0s timeout=1s period=10s #success=1 #failure=3'],
  [
    { grpc: { port: 9000, service: 'orders' } },
    'grpc <pod>:9000 orders delay=0s timeout=1s period=10s #success=1 #failure=3',
  ],
  [{ grpc: { port: 9000 } }, 'grpc <pod>:9000 delay=0s timeout=1s period=10s #success=1 #failure=3'],
];

void test('a probe in the format of kubectl', () => {
  for (const [livenessProbe, text] of TEXTS)
    assert.deepEqual(probeLines({ livenessProbe }), [{ depth: 2, name: 'Liveness', text }]);
});

void test('the probes of a container in the order of kubectl', () => {
  const probe = { tcpSocket: { port: 80 } };
  const lines = probeLines({ startupProbe: probe, readinessProbe: probe, livenessProbe: probe });
  assert.deepEqual(
    lines.map(({ name }) => name),
    ['Liveness', 'Readiness', 'Startup'],
  );
  assert.deepEqual(probeLines({ name: 'web' }), []);
});
