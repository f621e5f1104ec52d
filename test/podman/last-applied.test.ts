import assert from 'node:assert/strict';
import { test } from 'node:test';
import { containerSettings, podSettings } from '../../src/kube/spec/settings.ts';
import { encodeSpec, FORMAT, LABEL } from '../../src/podman/labels.ts';
import {
  asStored,
  isSidecarRecord,
  lastAppliedContainer,
  lastAppliedPod,
} from '../../src/podman/last-applied.ts';
import { desired, podWith, podWithContainer } from '../kube/manifest.ts';

function labelsOf(settings: unknown): Readonly<Record<string, string>> {
  return { [LABEL.format]: FORMAT.toString(), [LABEL.spec]: encodeSpec(settings) };
}

test('the record of a container has its typed members, and the rest for comparison', () => {
  const [container] = desired(
    podWithContainer(
      {
        volumeMounts: [{ name: 'data', mountPath: '/data', subPath: 'web' }],
        terminationMessagePolicy: 'FallbackToLogsOnError',
      },
      { volumes: [{ name: 'data', emptyDir: {} }], terminationGracePeriodSeconds: 7, restartPolicy: 'Never' },
    ),
  ).containers;
  assert.ok(container);
  const settings = containerSettings(container);
  const lastApplied = lastAppliedContainer(labelsOf(settings));
  assert.ok(lastApplied);
  assert.deepEqual(lastApplied.settings, asStored(settings));
  assert.deepEqual(lastApplied.volumeMounts[0], {
    name: 'data',
    source: { type: 'emptyDir', medium: 'disk' },
    subPath: 'web',
  });
  assert.equal(lastApplied.restartPolicy, 'Never');
  assert.equal(lastApplied.terminationGracePeriodSeconds, 7);
  assert.equal(lastApplied.terminationMessagePolicy, 'FallbackToLogsOnError');
});

test('omitted defaults are restored', () => {
  assert.deepEqual(lastAppliedContainer(labelsOf({})), {
    settings: {},
    volumeMounts: [],
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
  });
  assert.equal(lastAppliedContainer({ ...labelsOf({}), [LABEL.role]: 'init' })?.restartPolicy, 'Never');
});

test('the host ports of a pod', () => {
  const ports = [{ containerPort: 80, hostPort: 8080, protocol: 'UDP' }];
  const pod = desired(podWith({ containers: [{ name: 'app', image: 'nginx:1.27', ports }] }));
  assert.deepEqual(lastAppliedPod(labelsOf(podSettings(pod)))?.hostPorts, [
    { hostIP: '127.0.0.1', hostPort: 8080, containerPort: 80, protocol: 'UDP' },
  ]);
});

test('an edited label is rejected, or decoded without its invalid members, and never throws', () => {
  for (const spec of ['null', '[]', '"text"', '7', '{'])
    assert.equal(lastAppliedContainer({ [LABEL.format]: '1', [LABEL.spec]: spec }), undefined, spec);
  for (const settings of [
    { volumeMounts: null, restartPolicy: 7, terminationGracePeriodSeconds: 'x' },
    { volumeMounts: [null, 'x', { name: 'a' }, { name: 1, source: {} }, { name: 'a', source: [] }] },
  ])
    assert.deepEqual(lastAppliedContainer(labelsOf(settings))?.volumeMounts, []);
  for (const spec of [null, { hostPorts: 'x' }, { hostPorts: [null, { hostPort: '1' }] }])
    assert.deepEqual(lastAppliedPod(labelsOf({ spec }))?.hostPorts, []);
});

test('a sidecar is an init container whose record has the restart policy Always', () => {
  const cases = [
    ['init', { restartPolicy: 'Always' }, true],
    ['init', {}, false],
    ['container', { restartPolicy: 'Always' }, false],
    ['container', {}, false],
  ] as const;
  for (const [role, settings, expected] of cases)
    assert.equal(isSidecarRecord({ ...labelsOf(settings), [LABEL.role]: role }), expected);
});
