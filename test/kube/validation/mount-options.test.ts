import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findings, podWithContainer, type Fields } from '../manifest.ts';

const mount = 'spec.containers[0].volumeMounts[0]';

/** What is said of one mount of an emptyDir, or of another volume. */
function mountFindings(fields: Fields, container: Fields = {}, source: Fields = { emptyDir: {} }) {
  return findings(
    podWithContainer(
      { volumeMounts: [{ name: 'data', mountPath: '/data', ...fields }], ...container },
      { volumes: [{ name: 'data', ...source }] },
    ),
  ).map((finding) => finding.replace(`${mount}.`, ''));
}

const privileged = { securityContext: { privileged: true } };
const hostPath = { hostPath: { path: '/srv' } };
const env = [
  { name: 'NAME', value: 'a' },
  { name: 'ABSOLUTE', value: '/a' },
  { name: 'UP', value: '..' },
  { name: 'EMPTY', value: '' },
  { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
  { name: 'SECRET', valueFrom: { secretKeyRef: { name: 'none', key: 'none', optional: true } } },
];

const cases: readonly (readonly [Fields, Fields, Fields | undefined, readonly string[]])[] = [
  [{ mountPropagation: 'None' }, {}, undefined, []],
  [{ mountPropagation: 'HostToContainer' }, {}, undefined, []],
  [
    { mountPropagation: 'Bidirectional' },
    privileged,
    undefined,
    [
      'mountPropagation: not supported: mounts of a rootless container are not visible outside of it [not-supported]',
    ],
  ],
  [
    { mountPropagation: 'Bidirectional' },
    {},
    undefined,
    [
      "mountPropagation: 'Bidirectional' requires a privileged container [wrong-value]",
      'mountPropagation: not supported: mounts of a rootless container are not visible outside of it [not-supported]',
    ],
  ],
  [{ recursiveReadOnly: 'Disabled' }, {}, hostPath, []],
  [{ readOnly: true, recursiveReadOnly: 'Enabled' }, {}, undefined, []],
  [{ readOnly: true, recursiveReadOnly: 'Enabled', mountPropagation: 'None' }, {}, undefined, []],
  [{ readOnly: true, recursiveReadOnly: 'IfPossible' }, {}, hostPath, []],
  [
    { readOnly: true, recursiveReadOnly: 'Enabled' },
    {},
    hostPath,
    [
      'recursiveReadOnly: not supported: podman cannot make submounts of a host directory read-only [not-supported]',
    ],
  ],
  [
    { recursiveReadOnly: 'IfPossible', mountPropagation: 'HostToContainer' },
    {},
    undefined,
    [
      "recursiveReadOnly: 'IfPossible' requires 'readOnly: true' [wrong-value]",
      "recursiveReadOnly: 'IfPossible' requires the mountPropagation 'None' [wrong-value]",
    ],
  ],
  [{ subPathExpr: 'a/$(NAME)' }, { env }, undefined, []],
  [{ subPathExpr: '$(EMPTY)' }, { env }, undefined, []],
  [{ subPathExpr: '$$(NOTHING)' }, { env }, undefined, []],
  [{ subPathExpr: 'a', subPath: '' }, {}, undefined, []],
  [
    { subPathExpr: 'a', subPath: 'b' },
    {},
    undefined,
    ["subPathExpr: 'subPath' and 'subPathExpr' are mutually exclusive [several-values]"],
  ],
  [{ subPathExpr: '/a' }, {}, undefined, ["subPathExpr: must be a relative path, got '/a' [invalid-path]"]],
  [
    { subPathExpr: 'a/../b' },
    {},
    undefined,
    ["subPathExpr: must not contain '..', got 'a/../b' [invalid-path]"],
  ],
  [
    { subPathExpr: '$(ABSOLUTE)' },
    { env },
    undefined,
    ["subPathExpr: must be a relative path, but expands to '/a' [invalid-path]"],
  ],
  [
    { subPathExpr: 'x/$(UP)/y' },
    { env },
    undefined,
    ["subPathExpr: must not contain '..', but expands to 'x/../y' [invalid-path]"],
  ],
  [
    { subPathExpr: '$(NOTHING)/$(NAME)/$(NOR)' },
    { env },
    undefined,
    ["subPathExpr: unknown variable 'NOTHING', 'NOR' in the container [unknown-variable]"],
  ],
  [
    { subPathExpr: '$(SECRET)' },
    { env },
    undefined,
    ["subPathExpr: unknown variable 'SECRET' in the container [unknown-variable]"],
  ],
  [
    { subPathExpr: 'a/$(IP)' },
    { env },
    undefined,
    [
      'subPathExpr: not supported: an address of the pod in a path: it is known only at run time [not-supported]',
    ],
  ],
];

for (const [fields, container, source, expected] of cases)
  test(`a mount with ${JSON.stringify(fields)}${container === privileged ? ', privileged' : ''}`, () => {
    assert.deepEqual(mountFindings(fields, container, source), expected);
  });

test('a secret in a path is refused', () => {
  const pod = podWithContainer(
    {
      volumeMounts: [{ name: 'data', mountPath: '/data', subPathExpr: '$(S)' }],
      env: [{ name: 'S', valueFrom: { secretKeyRef: { name: 'keys', key: 'k' } } }],
    },
    { volumes: [{ name: 'data', emptyDir: {} }] },
  );
  const secret = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'keys' },
    stringData: { k: 'planted' },
  });
  const found = findings(pod, secret);
  assert.deepEqual(found, [
    `${mount}.subPathExpr: exposes a secret to all users of this machine, in the name of a directory [secret-in-path]`,
  ]);
});

test('a PVC that is bound to a directory is a directory', () => {
  const volumeMounts = [{ name: 'data', mountPath: '/data', readOnly: true, recursiveReadOnly: 'Enabled' }];
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
  const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' }, spec };
  const persistentVolume = {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'disk' },
    spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/srv' } },
  };
  const errorsOf = (...objects: readonly object[]) =>
    findings(
      podWithContainer({ volumeMounts }, { volumes }),
      ...objects.map((object) => JSON.stringify(object)),
    ).filter((finding) => finding.includes('recursiveReadOnly'));
  assert.deepEqual(errorsOf(claim), []);
  assert.deepEqual(errorsOf(claim, persistentVolume), [
    `${mount}.recursiveReadOnly: not supported: podman cannot make submounts of a host directory read-only [not-supported]`,
  ]);
});
