import assert from 'node:assert/strict';
import { test } from 'node:test';
import { convertLifecycle } from '../../../src/kube/convert/lifecycle.ts';
import type { ContainerLifecycle } from '../../../src/kube/spec/probe.ts';
import { lifecycleOf } from '../../../src/kube/spec/recorded-lifecycle.ts';
import { containerSettings } from '../../../src/kube/spec/settings.ts';
import type { Container } from '../../../src/manifest/schema/generated/kubernetes.ts';
import { decodeSpec, encodeSpec, LABEL } from '../../../src/podman/labels.ts';
import { podOf } from '../../support/desired.ts';

function convert(
  container: Partial<Container>,
  role: 'init' | 'container' = 'container',
): ContainerLifecycle {
  const ports = [{ name: 'http', containerPort: 8080 }, { containerPort: 9000 }];
  return convertLifecycle(role, { name: 'app', image: 'a:1', ports, ...container });
}

const DEFAULTS = {
  initialDelaySeconds: 0,
  periodSeconds: 10,
  timeoutSeconds: 1,
  successThreshold: 1,
  failureThreshold: 3,
};
const HTTP = { path: '/', scheme: 'HTTP', httpHeaders: [] };

test('a container without any of it', () => {
  assert.deepEqual(convert({}), {});
  assert.deepEqual(convert({ lifecycle: { stopSignal: 'SIGINT' }, restartPolicyRules: [] }), {});
});

const probes: readonly (readonly [
  manifest: NonNullable<Container['livenessProbe']>,
  desired: Readonly<Record<string, unknown>>,
])[] = [
  [{ tcpSocket: { port: 5432 } }, { tcpSocket: { port: 5432 } }],
  [{ tcpSocket: { port: 'http', host: '' } }, { tcpSocket: { port: 8080 } }],
  [{ tcpSocket: { port: 1, host: 'localhost' } }, { tcpSocket: { port: 1, host: 'localhost' } }],
  [{ httpGet: { port: 'http' } }, { httpGet: { ...HTTP, port: 8080 } }],
  [{ httpGet: { port: 80, path: '', host: '' } }, { httpGet: { ...HTTP, port: 80 } }],
  [
    {
      httpGet: {
        port: 80,
        path: '/a',
        host: 'h',
        scheme: 'HTTPS',
        httpHeaders: [{ name: 'A', value: 'b' }, { name: 'A' }],
      },
    },
    {
      httpGet: {
        port: 80,
        path: '/a',
        host: 'h',
        scheme: 'HTTPS',
        httpHeaders: [
          { name: 'A', value: 'b' },
          { name: 'A', value: '' },
        ],
      },
    },
  ],
  [{ grpc: { port: 9000 } }, { grpc: { port: 9000, service: '' } }],
  [{ grpc: { port: 9000, service: 'orders' } }, { grpc: { port: 9000, service: 'orders' } }],
  [
    {
      exec: { command: ['true'] },
      periodSeconds: 0,
      timeoutSeconds: 0,
      failureThreshold: 0,
      successThreshold: 0,
    },
    { exec: { command: ['true'] } },
  ],
  [
    {
      exec: { command: ['true'] },
      initialDelaySeconds: 1,
      periodSeconds: 2,
      timeoutSeconds: 3,
      failureThreshold: 4,
      terminationGracePeriodSeconds: 5,
    },
    {
      exec: { command: ['true'] },
      initialDelaySeconds: 1,
      periodSeconds: 2,
      timeoutSeconds: 3,
      failureThreshold: 4,
      terminationGracePeriodSeconds: 5,
    },
  ],
];

for (const [manifest, desired] of probes)
  test(`a probe: ${JSON.stringify(manifest)}`, () => {
    const { livenessProbe } = convert({ livenessProbe: manifest });
    assert.deepEqual(livenessProbe, { ...DEFAULTS, ...desired });
  });

test('a probe expands the values that the manifest gives, as written; a hook expands none', () => {
  const env = [
    { name: 'DIR', value: '/data' },
    { name: 'FILE', value: '$(DIR)/ready' },
    { name: 'HOST', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
  ];
  const exec = { command: ['test', '-e', '$(DIR)/$(FILE)', '$(HOST)', '$(NONE)', '$$(DIR)'] };
  const { readinessProbe, preStop } = convert({
    env,
    readinessProbe: { exec },
    lifecycle: { preStop: { exec } },
  });
  assert.ok(readinessProbe !== undefined && 'exec' in readinessProbe);
  assert.deepEqual(readinessProbe.exec.command, [
    'test',
    '-e',
    '/data/$(DIR)/ready',
    '',
    '$(NONE)',
    '$(DIR)',
  ]);
  assert.deepEqual(preStop, { exec });
});

test('hooks', () => {
  const lifecycle = { postStart: { httpGet: { port: 'http' } }, preStop: { sleep: { seconds: 0 } } };
  assert.deepEqual(convert({ lifecycle }), {
    postStart: { httpGet: { ...HTTP, port: 8080 } },
    preStop: { sleep: { seconds: 0 } },
  });
});

test('restart policies and rules', () => {
  const rules = [{ action: 'Restart', exitCodes: { operator: 'NotIn' } }] as const;
  const desired = [{ action: 'Restart', exitCodes: { operator: 'NotIn', values: [] } }];
  assert.deepEqual(convert({ restartPolicy: 'Never', restartPolicyRules: rules }), {
    ownRestartPolicy: 'Never',
    restartPolicyRules: desired,
  });
  assert.deepEqual(convert({ restartPolicy: 'Never' }, 'init'), { ownRestartPolicy: 'Never' });
  assert.deepEqual(convert({ restartPolicy: 'Always' }, 'init'), {});
});

test('a record gives back what was recorded, whole', () => {
  const [plain] = podOf('web', 'Always', 'app').containers;
  assert.ok(plain);
  const long = 'x'.repeat(10_000);
  const all = [
    ...probes.map(([livenessProbe]) => ({
      livenessProbe,
      readinessProbe: livenessProbe,
      startupProbe: livenessProbe,
    })),
    { livenessProbe: { exec: { command: ['sh', '-c', long] } } },
    { lifecycle: { postStart: { httpGet: { port: 80 } }, preStop: { exec: { command: [long] } } } },
    {
      restartPolicy: 'Never',
      restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [1] } }],
    },
  ] as const;
  for (const manifest of all) {
    const lifecycle = convert(manifest);
    const spec = encodeSpec(containerSettings({ ...plain, ...lifecycle }));
    const decoded = decodeSpec({ [LABEL.format]: '1', [LABEL.spec]: spec });
    assert.ok(decoded.ok);
    assert.deepEqual(lifecycleOf(decoded.value), lifecycle);
  }
});

test('a record has no defaults', () => {
  const [plain] = podOf('web', 'Always', 'app').containers;
  assert.ok(plain);
  const lifecycle = convert({
    livenessProbe: { httpGet: { port: 80 } },
    readinessProbe: { grpc: { port: 81 }, periodSeconds: 5 },
    lifecycle: { postStart: { httpGet: { port: 82 } } },
  });
  const recorded = containerSettings({ ...plain, ...lifecycle });
  assert.deepEqual(recorded['livenessProbe'], { httpGet: { port: 80 } });
  assert.deepEqual(recorded['readinessProbe'], { grpc: { port: 81 }, periodSeconds: 5 });
  assert.deepEqual(recorded['postStart'], { httpGet: { port: 82 } });
});
