import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkHostFiles } from '../../src/kube/storage/host-files.ts';
import { SELINUX_ENFORCE } from '../../src/kube/storage/selinux.ts';
import { mean, podWithContainer, type Fields } from './manifest.ts';

interface Asked {
  readonly isEnabled?: boolean;
  readonly volume?: Fields;
  readonly container?: Fields;
  readonly annotation?: string;
}

/** The warnings about labels of one hostPath, and whether the machine was asked for SELinux. */
function labelFindings({
  isEnabled = true,
  volume = { hostPath: { path: '/srv/data' } },
  container = {},
  annotation = '',
}: Asked) {
  const object = JSON.parse(
    podWithContainer(
      { volumeMounts: [{ name: 'data', mountPath: '/data' }], ...container },
      { volumes: [{ name: 'data', ...volume }] },
    ),
  ) as { readonly metadata: object };
  const metadata = { ...object.metadata, annotations: { 'bind-mount-options': annotation } };
  const asked: string[] = [];
  const diagnostics = checkHostFiles(mean(JSON.stringify({ ...object, metadata })).pods, {
    typeOf: (path) => {
      asked.push(path);
      if (path === SELINUX_ENFORCE) return isEnabled ? 'file' : 'absent';
      return path.endsWith('.sock') ? 'socket' : 'directory';
    },
  });
  return { diagnostics, isAsked: asked.includes(SELINUX_ENFORCE) };
}

test('with SELinux, a hostPath that is not labelled is a warning that says what to write', () => {
  const [warning, ...others] = labelFindings({}).diagnostics;
  assert.deepEqual(others, []);
  assert.equal(warning?.code, 'host-path-not-labelled');
  assert.equal(warning.severity, 'warning');
  assert.equal(warning.path, 'spec.volumes[0].hostPath.path');
  assert.match(warning.help ?? '', /'bind-mount-options: \/srv\/data:z'.*'seLinuxOptions: \{type: spc_t\}'/);
});

test('files of the system are not to be labelled anew', () => {
  for (const hostPath of [
    { path: '/etc/ssl' },
    { path: '/run/app.sock', type: 'Socket' },
    { path: '/srv' },
  ]) {
    const [warning] = labelFindings({ volume: { hostPath } }).diagnostics;
    assert.doesNotMatch(warning?.help ?? '', /bind-mount-options/);
    assert.match(warning?.help ?? '', /seLinuxOptions/);
  }
});

test('no warning without SELinux, with a label, or for a container that SELinux does not confine', () => {
  const securityContexts = [{ privileged: true }, { seLinuxOptions: { type: 'spc_t' } }];
  const quiet: readonly Asked[] = [
    { isEnabled: false },
    { annotation: '/srv/data:z' },
    ...securityContexts.map((securityContext) => ({ container: { securityContext } })),
  ];
  for (const asked of quiet) assert.deepEqual(labelFindings(asked).diagnostics, [], JSON.stringify(asked));
});

test('the machine is asked for SELinux only about host paths that are not labelled', () => {
  assert.equal(labelFindings({ volume: { emptyDir: {} } }).isAsked, false);
  assert.equal(labelFindings({ annotation: '/srv/data:Z' }).isAsked, false);
  assert.equal(labelFindings({ isEnabled: false }).isAsked, true);
});
