import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ruleOf } from '../../../src/base/diagnostic-code.ts';
import { mean, podWith, podWithContainer, show, type Fields } from '../manifest.ts';

/** What a server says, in one line each. */
function verdict(text: string): readonly string[] {
  return mean(text)
    .diagnostics.filter(({ code }) => ruleOf(code) === 'kubernetes')
    .map((finding) => show(finding).replace('spec.containers[0].', ''));
}

const exec = { command: ['true'] };

const probes: readonly (readonly [Fields, readonly string[]])[] = [
  [{ exec }, []],
  [{ httpGet: { port: 'http', httpHeaders: [{ name: 'X-Probe', value: '' }] } }, []],
  [{ tcpSocket: { port: 65535 } }, []],
  [{ grpc: { port: 1 }, successThreshold: 0, timeoutSeconds: 0, terminationGracePeriodSeconds: 1 }, []],
  [
    { timeoutSeconds: 1 },
    ["livenessProbe: requires one of 'exec', 'httpGet', 'tcpSocket' or 'grpc' [missing-field]"],
  ],
  [{ exec: {} }, ["livenessProbe.exec: missing required field 'command' [missing-field]"]],
  [
    { exec, grpc: { port: 1 } },
    ["livenessProbe.grpc: 'exec' is already set: 'exec' and 'grpc' are mutually exclusive [several-values]"],
  ],
  [{ httpGet: { port: 0 } }, ['livenessProbe.httpGet.port: must be between 1 and 65535, got 0 [port-range]']],
  [
    { grpc: { port: 65536 } },
    ['livenessProbe.grpc.port: must be between 1 and 65535, got 65536 [port-range]'],
  ],
  [
    { tcpSocket: { port: 'a--b' } },
    [
      "livenessProbe.tcpSocket.port: 'a--b' may only contain lowercase letters, digits and single '-', with at least one letter and no '-' at the ends [invalid-name]",
    ],
  ],
  [
    { httpGet: { port: 80, httpHeaders: [{ name: 'X_Probe', value: 'a' }] } },
    [
      "livenessProbe.httpGet.httpHeaders[0].name: 'X_Probe' may only contain letters, digits and '-' (HTTP header) [invalid-name]",
    ],
  ],
  [
    { exec, initialDelaySeconds: -1 },
    ['livenessProbe.initialDelaySeconds: must be at least 0, got -1 [out-of-range]'],
  ],
  [
    { exec, successThreshold: 2 },
    ['livenessProbe.successThreshold: must be 1 for a livenessProbe, got 2 [out-of-range]'],
  ],
  [
    { exec, terminationGracePeriodSeconds: 0 },
    ['livenessProbe.terminationGracePeriodSeconds: must be at least 1, got 0 [out-of-range]'],
  ],
];

for (const [livenessProbe, expected] of probes)
  test(`the livenessProbe ${JSON.stringify(livenessProbe)}`, () => {
    assert.deepEqual(verdict(podWithContainer({ livenessProbe })), expected);
  });

test('a readinessProbe counts successes and does not stop a container', () => {
  assert.deepEqual(verdict(podWithContainer({ readinessProbe: { exec, successThreshold: 3 } })), []);
  assert.deepEqual(
    verdict(podWithContainer({ readinessProbe: { exec, terminationGracePeriodSeconds: 5 } })),
    [
      'readinessProbe.terminationGracePeriodSeconds: must not be set: a failed readinessProbe does not stop the container [forbidden-field]',
    ],
  );
});

const hooks: readonly (readonly [Fields, Fields, readonly string[]])[] = [
  [{ preStop: { sleep: { seconds: 30 } } }, {}, []],
  [{ preStop: { sleep: { seconds: 0 } } }, { terminationGracePeriodSeconds: 0 }, []],
  [
    { preStop: { sleep: { seconds: 1 } } },
    { terminationGracePeriodSeconds: -5 },
    [
      'warning: spec.terminationGracePeriodSeconds: must be at least 0, got -5: 1 is used, as on a cluster [grace-period-range]',
    ],
  ],
  [
    { preStop: { sleep: { seconds: 31 } } },
    {},
    [
      'lifecycle.preStop.sleep.seconds: must not be greater than the terminationGracePeriodSeconds of the pod (30), got 31 [out-of-range]',
    ],
  ],
  [
    { postStart: { sleep: { seconds: -1 } } },
    {},
    ['lifecycle.postStart.sleep.seconds: must be at least 0, got -1 [out-of-range]'],
  ],
  [
    { postStart: {} },
    {},
    ["lifecycle.postStart: requires one of 'exec', 'httpGet', 'tcpSocket' or 'sleep' [missing-field]"],
  ],
];

for (const [lifecycle, spec, expected] of hooks)
  test(`the lifecycle ${JSON.stringify({ ...lifecycle, ...spec })}`, () => {
    assert.deepEqual(verdict(podWithContainer({ lifecycle }, spec)), expected);
  });

test('only sidecars among init containers have probes and hooks', () => {
  const init = (fields: Fields): string =>
    podWith({
      initContainers: [
        {
          name: 'init',
          image: 'nginx:1.27',
          startupProbe: { exec },
          lifecycle: { preStop: { exec } },
          ...fields,
        },
      ],
    });
  assert.deepEqual(verdict(init({ restartPolicy: 'Always' })), []);
  assert.deepEqual(verdict(init({})), [
    "spec.initContainers[0].startupProbe: must not be set: an init container without 'restartPolicy: Always' has no probes [forbidden-field]",
    "spec.initContainers[0].lifecycle: not allowed for an init container, except a sidecar ('restartPolicy: Always') [init-lifecycle]",
  ]);
});

test('ephemeral containers are refused once', () => {
  const ephemeralContainers = [{ name: 'debug', image: 'busybox:1.36' }];
  assert.deepEqual(mean(podWith({ ephemeralContainers })).diagnostics.map(show), [
    'spec.ephemeralContainers: must not be set: ephemeral containers are added to a running pod (kubectl debug) [forbidden-field]',
  ]);
});
