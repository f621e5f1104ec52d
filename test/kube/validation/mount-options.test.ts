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
      'mountPropagation: not supported: what is mounted by containers of an ordinary user shows nowhere else [not-supported]',
    ],
  ],
  [
    { mountPropagation: 'Bidirectional' },
    {},
    undefined,
    [
      "mountPropagation: 'Bidirectional' is for privileged containers only [wrong-value]",
      'mountPropagation: not supported: what is mounted by containers of an ordinary user shows nowhere else [not-supported]',
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
      'recursiveReadOnly: not supported: podman cannot make what is mounted inside of a folder of the machine read-only [not-supported]',
    ],
  ],
  [
    { recursiveReadOnly: 'IfPossible', mountPropagation: 'HostToContainer' },
    {},
    undefined,
    [
      "recursiveReadOnly: may be 'IfPossible' only beside 'readOnly: true' [wrong-value]",
      "recursiveReadOnly: may be 'IfPossible' only where mountPropagation is 'None' or left out [wrong-value]",
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
    [
      "subPathExpr: the path is that of 'subPath' already, and a mount has either one or the other [several-values]",
    ],
  ],
  [{ subPathExpr: '/a' }, {}, undefined, ["subPathExpr: must be a relative path, got '/a' [invalid-path]"]],
  [
    { subPathExpr: 'a/../b' },
    {},
    undefined,
    ["subPathExpr: must not have '..' in it, got 'a/../b' [invalid-path]"],
  ],
  [
    { subPathExpr: '$(ABSOLUTE)' },
    { env },
    undefined,
    ["subPathExpr: must be a relative path, and becomes '/a' [invalid-path]"],
  ],
  [
    { subPathExpr: 'x/$(UP)/y' },
    { env },
    undefined,
    ["subPathExpr: must not have '..' in it, and becomes 'x/../y' [invalid-path]"],
  ],
  [
    { subPathExpr: '$(NOTHING)/$(NAME)/$(NOR)' },
    { env },
    undefined,
    ["subPathExpr: the container has no variable 'NOTHING', 'NOR' [unknown-variable]"],
  ],
  [
    { subPathExpr: '$(SECRET)' },
    { env },
    undefined,
    ["subPathExpr: the container has no variable 'SECRET' [unknown-variable]"],
  ],
  [
    { subPathExpr: 'a/$(IP)' },
    { env },
    undefined,
    [
      'subPathExpr: not supported: an address of the pod in a path, for it is known only once the pod runs [not-supported]',
    ],
  ],
];

for (const [fields, container, source, expected] of cases)
  test(`a mount with ${JSON.stringify(fields)}${container === privileged ? ', privileged' : ''}`, () => {
    assert.deepEqual(mountFindings(fields, container, source), expected);
  });

test('a secret makes no path', () => {
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
    `${mount}.subPathExpr: would show a secret to every user of this machine, in the name of a folder [secret-in-path]`,
  ]);
});

test('a claim that is bound to a folder of the machine is one', () => {
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
    `${mount}.recursiveReadOnly: not supported: podman cannot make what is mounted inside of a folder of the machine read-only [not-supported]`,
  ]);
});
