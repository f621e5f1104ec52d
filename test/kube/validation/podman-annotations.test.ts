import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findings, podWith, type Fields } from '../manifest.ts';

const PREFIX = 'io.podman.annotations';
const found = (annotations: Fields, spec: Fields = {}) => findings(podWith(spec, { annotations }));

/** Names with values that podman accepts. */
const VALID: readonly (readonly [string, readonly string[]])[] = [
  [
    `${PREFIX}.userns`,
    [
      '',
      'host',
      'private',
      'keep-id',
      'keep-id:uid=200,gid=210',
      'keep-id:size=1000',
      'auto',
      'auto:size=8192,uidmapping=0:1:10',
      'nomap',
      'ns:/proc/1/ns/user',
    ],
  ],
  [`${PREFIX}.userns/web`, ['auto']],
  [`${PREFIX}.infra.name`, ['pause', 'a_b.c-d']],
  [`${PREFIX}.ulimit`, ['nofile=1024', 'nofile=1024:2048,nproc=-1:-1', 'core=0:-1']],
  [`${PREFIX}.pids-limit/app`, ['0', '-1', '100']],
  [`${PREFIX}.cpuset/app`, ['0', '0-3,5', '1,2']],
  [`${PREFIX}.memory-nodes/app`, ['0-1']],
  [`${PREFIX}.init/app`, ['TRUE', 'false', '1']],
  [`${PREFIX}.label/app`, ['disable', 'nested', 'type:spc_t,label=level:s0:c1,c2']],
  ['io.containers.autoupdate', ['', 'registry', 'image', 'local', 'disabled']],
  ['io.containers.autoupdate.authfile/app', ['/auth.json']],
  ['run.oci.keep_original_groups', ['1']],
  // What 'podman kube generate' writes, and what podpose does without it.
  [`${PREFIX}.autoremove/app`, ['FALSE']],
  [`${PREFIX}.privileged/app`, ['FALSE']],
  [`${PREFIX}.publish-all/app`, ['FALSE']],
  [`${PREFIX}.kube.health.check/app`, ['true']],
  [`${PREFIX}.init.container.type`, ['always']],
  ['io.containers.sdnotify', ['ignore']],
];

test('annotations of podman that podpose uses, or needs not', () => {
  for (const [name, values] of VALID)
    for (const value of values) assert.deepEqual(found({ [name]: value }), [], `${name}: ${value}`);
});

/** The name, the value, and the message of the error. */
const INVALID: readonly (readonly [string, string, string])[] = [
  [
    'userns',
    'keepid',
    "must be host, keep-id, keep-id:uid=UID,gid=GID, auto, auto:size=SIZE, nomap or ns:PATH, got 'keepid'",
  ],
  [
    'userns',
    'keep-id:user=1',
    "must be host, keep-id, keep-id:uid=UID,gid=GID, auto, auto:size=SIZE, nomap or ns:PATH, got 'keep-id:user=1'",
  ],
  [
    'userns',
    'container:x',
    "must be host, keep-id, keep-id:uid=UID,gid=GID, auto, auto:size=SIZE, nomap or ns:PATH, got 'container:x'",
  ],
  [
    'infra.name',
    '-a',
    "must be letters, digits, '_', '.' and '-', and start with a letter or digit, got '-a'",
  ],
  ['ulimit', 'host', "must be NAME=SOFT:HARD, more of them separated by commas, got 'host'"],
  [
    'ulimit',
    'nofile=1:2,nofiles=1',
    "unknown limit 'nofiles' (core, cpu, data, fsize, locks, memlock, msgqueue, nice, nofile, nproc, rss, rtprio, rttime, sigpending, stack)",
  ],
  ['ulimit', 'nofile=9:5', "the soft limit must not exceed the hard limit, got 'nofile=9:5'"],
  ['ulimit', 'nofile=-1:5', "the soft limit must not exceed the hard limit, got 'nofile=-1:5'"],
  ['pids-limit/app', '1k', "must be a number of processes, or -1 for no limit, got '1k'"],
  ['cpuset/app', '0..3', "must be a list of CPUs such as '0-3' or '0,1', got '0..3'"],
  ['memory-nodes/app', 'all', "must be a list of memory nodes such as '0-3' or '0,1', got 'all'"],
  ['init/app', 'yes', "must be true or false, got 'yes'"],
  ['label/app', 'off', "must be disable, nested, or an SELinux label such as 'type:spc_t', got 'off'"],
];

for (const [name, value, message] of INVALID)
  test(`${PREFIX}.${name}: ${value}`, () => {
    assert.deepEqual(found({ [`${PREFIX}.${name}`]: value }), [
      `metadata.annotations['${PREFIX}.${name}']: ${message} [invalid-podman-annotation]`,
    ]);
  });

test('an init program is process 1, which a shared PID namespace has already', () => {
  const init = { [`${PREFIX}.init/app`]: 'true' };
  const at = `metadata.annotations['${PREFIX}.init/app']`;
  assert.deepEqual(found(init, { hostPID: true }), [
    `${at}: must be false with 'hostPID: true' [invalid-podman-annotation]`,
  ]);
  assert.deepEqual(found(init, { shareProcessNamespace: true }), [
    `${at}: must be false with 'shareProcessNamespace: true' [invalid-podman-annotation]`,
  ]);
});

test('without containers, the container of an annotation is not unknown', () => {
  const messages = found({ 'io.containers.autoupdate/app': 'local' }, { containers: [] });
  assert.deepEqual(
    messages.filter((message) => message.includes('autoupdate')),
    [],
  );
});

test('an unknown annotation or container gets a suggestion', () => {
  assert.deepEqual(found({ [`${PREFIX}.usern`]: 'auto' }), [
    `warning: metadata.annotations['${PREFIX}.usern']: ignored: podman has no annotation '${PREFIX}.usern', did you mean '${PREFIX}.userns'? [unknown-podman-annotation]`,
  ]);
  assert.deepEqual(found({ 'io.containers.auto-update/app': 'local' }), [
    "warning: metadata.annotations['io.containers.auto-update/app']: ignored: podman has no annotation 'io.containers.auto-update', did you mean 'io.containers.autoupdate/app'? [unknown-podman-annotation]",
  ]);
  assert.deepEqual(found({ 'io.containers.autoupdate/aps': 'local' }), [
    "warning: metadata.annotations['io.containers.autoupdate/aps']: ignored: the pod has no container 'aps' (app), did you mean 'io.containers.autoupdate/app'? [unknown-podman-annotation]",
  ]);
  assert.deepEqual(found({ [`${PREFIX}.infra.name/app`]: 'x' }), [
    `warning: metadata.annotations['${PREFIX}.infra.name/app']: ignored: '${PREFIX}.infra.name' is of the pod, not of 'app', did you mean '${PREFIX}.infra.name'? [unknown-podman-annotation]`,
  ]);
});

test('settings that do not go together are warnings', () => {
  const fsGroup = { securityContext: { fsGroup: 7 } };
  const group =
    'warning: spec.securityContext.fsGroup: volumes get group 7 of rootless podman, which may be another group in the user namespace of the pod [podman-annotation]';
  assert.deepEqual(found({}, { ...fsGroup, hostUsers: false }), [group]);
  assert.deepEqual(found({ [`${PREFIX}.userns`]: 'keep-id' }, fsGroup), [group]);
  assert.deepEqual(found({ [`${PREFIX}.userns`]: 'host' }, { ...fsGroup, hostUsers: false }), []);
  assert.deepEqual(found({}, { ...fsGroup, hostUsers: true }), []);
  assert.deepEqual(found({ [`${PREFIX}.infra.name`]: 'x' }, { subdomain: 'front' }), [
    `warning: metadata.annotations['${PREFIX}.infra.name']: ignored with spec.subdomain: the infra container has the FQDN as its name [podman-annotation]`,
  ]);
});

test('the name of an infra container is unique', () => {
  const annotations = (name: string) => ({ [`${PREFIX}.infra.name`]: name });
  const at = `metadata.annotations['${PREFIX}.infra.name']: name conflict: the infra container of pod 'web' and`;
  assert.match(
    findings(podWith({}, { annotations: annotations('web') }))[0] ?? '',
    /would both be named 'web'/,
  );
  assert.match(
    findings(podWith({}, { annotations: annotations('web-app') }))[0] ?? '',
    /the infra container of pod 'web' would both be named 'web-app' \[name-collision\]$/,
  );
  const other = podWith({}, { name: 'other', annotations: annotations('x') });
  assert.deepEqual(findings(other, podWith({}, { annotations: annotations('x') })), [
    `${at} the infra container of pod 'other' would both be named 'x' [name-collision]`,
  ]);
});

test('a label of podman belongs to the annotations', () => {
  assert.deepEqual(findings(podWith({}, { labels: { 'io.containers.autoupdate': 'registry' } })), [
    "warning: metadata.labels['io.containers.autoupdate']: a label of the pod without effect: podman reads it of containers only [podman-annotation]",
  ]);
});
