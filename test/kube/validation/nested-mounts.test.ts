import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { findings, podWith, type Fields } from '../manifest.ts';

const OBJECTS = [
  { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'settings' }, data: { a: 'one' } },
  { kind: 'Secret', apiVersion: 'v1', metadata: { name: 'login' }, stringData: { user: 'ann' } },
  {
    kind: 'PersistentVolumeClaim',
    apiVersion: 'v1',
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  },
].map((object) => JSON.stringify(object));

const INNER = { name: 'inner', mountPath: '/out/in' };
const READ_ONLY = { name: 'outer', mountPath: '/out', readOnly: true };

/** What is said of a pod whose containers have these mounts. */
function said(outer: Fields, containers: readonly (readonly Fields[])[], inner: Fields = { emptyDir: {} }) {
  return findings(
    podWith({
      containers: containers.map((volumeMounts, index) => ({
        name: `c${index}`,
        image: 'a:1',
        volumeMounts,
      })),
      volumes: [
        { name: 'outer', ...outer },
        { name: 'inner', ...inner },
      ],
    }),
    ...OBJECTS,
  ).filter((finding) => finding.includes('[no-mount-point]'));
}

suite('a mount inside a read-only volume', () => {
  const claim = { persistentVolumeClaim: { claimName: 'data' } };
  const place = 'spec.containers[0].volumeMounts[1].mountPath';
  const mistake = `warning: ${place}: volume 'outer' is mounted read-only at '/out', and nothing creates the mount point 'in' in it: with runc, as on most clusters, the container fails to start [no-mount-point]`;
  const doubt = `warning: ${place}: volume 'outer' is mounted read-only at '/out', and the mount point 'in' must already exist in it: with runc, as on most clusters, the container fails to start [no-mount-point]`;

  test('is reported in an emptyDir without writers', () => {
    assert.deepEqual(said({ emptyDir: {} }, [[READ_ONLY, INNER]]), [mistake]);
    assert.deepEqual(said({ emptyDir: { medium: 'Memory' } }, [[READ_ONLY, INNER], [READ_ONLY]]), [mistake]);
    assert.deepEqual(said({}, [[{ ...READ_ONLY, mountPath: '/out/' }, INNER]]), [mistake]);
  });

  test('may get its directory from a writing container or a subPath', () => {
    const written = { name: 'outer', mountPath: '/elsewhere' };
    assert.deepEqual(said({ emptyDir: {} }, [[READ_ONLY, INNER], [written]]), []);
    const made = { ...written, readOnly: true, subPath: 'in/deeper' };
    assert.deepEqual(said({ emptyDir: {} }, [[READ_ONLY, INNER], [made]]), []);
    const other = { ...made, subPath: 'into' };
    assert.deepEqual(said({ emptyDir: {} }, [[READ_ONLY, INNER], [other]]), [mistake]);
  });

  test('may have its directory in a PVC', () => {
    assert.deepEqual(said(claim, [[READ_ONLY, INNER]]), [doubt]);
    const always = { persistentVolumeClaim: { claimName: 'data', readOnly: true } };
    assert.deepEqual(said(always, [[{ name: 'outer', mountPath: '/out' }, INNER]]), [doubt]);
  });

  test('is accepted elsewhere', () => {
    assert.deepEqual(said({ hostPath: { path: '/srv' } }, [[READ_ONLY, INNER]]), []);
    assert.deepEqual(said({ configMap: { name: 'settings' } }, [[READ_ONLY, INNER]]), []);
    assert.deepEqual(said({ emptyDir: {} }, [[READ_ONLY, { ...INNER, mountPath: '/outside' }]]), []);
    assert.deepEqual(said({ emptyDir: {} }, [[{ name: 'outer', mountPath: '/out' }, INNER]]), []);
    // The nearest one counts.
    const between = { name: 'inner', mountPath: '/out/in' };
    const below = { name: 'inner', mountPath: '/out/in/most' };
    assert.deepEqual(said({ configMap: { name: 'settings' } }, [[READ_ONLY, between, below]]), []);
  });
});

test('a single file cannot be mounted inside a volume of files', () => {
  const outer = { configMap: { name: 'settings' } };
  const mount = (subPath?: string) => [
    [
      { name: 'outer', mountPath: '/out' },
      { ...INNER, ...(subPath === undefined ? {} : { subPath }) },
    ],
  ];
  const mistake = [
    "spec.containers[0].volumeMounts[1].mountPath: cannot mount a single file inside volume 'outer': the kubelet creates a directory as mount point [no-mount-point]",
  ];
  assert.deepEqual(said(outer, mount('a'), { configMap: { name: 'settings' } }), mistake);
  assert.deepEqual(said(outer, mount('user'), { secret: { secretName: 'login' } }), mistake);
  const items = { secret: { secretName: 'login', items: [{ key: 'user', path: 'deep/user' }] } };
  assert.deepEqual(said(outer, mount('deep/user'), items), mistake);
  assert.deepEqual(said(outer, mount('deep'), items), []);
  assert.deepEqual(said(outer, mount(), { hostPath: { path: '/srv/a', type: 'File' } }), mistake);
  assert.deepEqual(said(outer, mount(), { configMap: { name: 'settings' } }), []);
});
