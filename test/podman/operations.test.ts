import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { suite, test } from 'node:test';
import { capabilitiesOf } from '../../src/podman/inspect/version.ts';
import type { OperationPolicy } from '../../src/podman/operations/definition.ts';
import type { Operation } from '../../src/podman/operations/operation.ts';
import { commandOf, definitionOf, policyOf, retryOf } from '../../src/podman/operations/registry.ts';
import { explainReport } from '../../src/podman/operations/reports.ts';
import { web } from '../view/steps.ts';

const CAPABILITIES = capabilitiesOf({ major: 5, minor: 4, patch: 2 });

function run(container: 'fetch' | 'app', replace = false): Operation {
  const found = [...web.initContainers, ...web.containers].find(({ name }) => name === container);
  assert.ok(found);
  return { kind: 'run-container', project: 'p', pod: web, container: found, dns: {}, replace };
}

const POLICIES: Readonly<Record<string, readonly [operation: Operation, policy: OperationPolicy]>> = {
  'a pull shows its progress, and is terminated': [
    { kind: 'pull-image', image: 'nginx:1.27' },
    { streams: 'progress', stopped: 'terminate' },
  ],
  'an init container is attached': [
    run('fetch', true),
    {
      starts: 'web/fetch',
      hiddenLine: 'web-fetch',
      streams: 'output',
      attached: { name: 'web-fetch', graceSeconds: 30, message: { name: 'web-fetch', orLog: false } },
    },
  ],
  'a container is not': [run('app'), { starts: 'web/app' }],
  'containers that are stopped are killed in place of podman': [
    { kind: 'stop-containers', pod: 'web', containers: ['web-app'], graceSeconds: 1, besideOthers: false },
    { stops: { containers: ['web-app'] }, endedAlready: 'container not running' },
  ],
  'containers that stop with their hooks are killed, too': [
    {
      ...{ kind: 'terminate-containers', pod: 'web', containers: [{ name: 'web-app' }] },
      ...{ sidecars: [{ name: 'web-log' }], graceSeconds: 1, besideOthers: false, hostNetwork: false },
    },
    {
      stops: { containers: ['web-app', 'web-log'] },
      hooks: {
        termination: {
          ...{ kind: 'terminate-containers', pod: 'web', containers: [{ name: 'web-app' }] },
          ...{ sidecars: [{ name: 'web-log' }], graceSeconds: 1, besideOthers: false, hostNetwork: false },
        },
      },
    },
  ],
  'so are those of a pod': [
    { kind: 'remove-pod', pod: 'web', graceSeconds: 1, containers: 1 },
    { stops: { pod: 'web' }, releasesPortsOf: 'web' },
  ],
  'a stopped pod frees its ports': [
    { kind: 'stop-pod', pod: 'web', graceSeconds: 1, containers: 1 },
    { stops: { pod: 'web' }, releasesPortsOf: 'web' },
  ],
  'an init container that runs again is attached': [
    {
      kind: 'start-init-container',
      pod: 'web',
      container: 'setup',
      graceSeconds: 5,
      message: { name: 'web-setup', orLog: false },
    },
    {
      starts: 'web/setup',
      streams: 'output',
      attached: { name: 'web-setup', graceSeconds: 5, message: { name: 'web-setup', orLog: false } },
    },
  ],
  'a signal is sent at once': [
    { kind: 'signal-containers', pod: 'web', containers: ['web-app'], signal: 'SIGHUP' },
    {},
  ],
  'what is short is waited for': [{ kind: 'remove-secrets', secrets: ['a'] }, {}],
};

suite('The policy of an operation', () => {
  for (const [name, [operation, policy]] of Object.entries(POLICIES))
    test(name, () => {
      assert.deepEqual(policyOf(operation), policy);
    });

  test('a retried container is replaced', () => {
    assert.deepEqual(retryOf(run('fetch')), run('fetch', true));
    const pull: Operation = { kind: 'pull-image', image: 'nginx:1.27' };
    assert.equal(retryOf(pull), pull);
  });
});

test('a removal is named after its change', () => {
  const remove: Operation = { kind: 'remove-containers', containers: ['web-old'], graceSeconds: 1 };
  const containers = definitionOf(remove);
  assert.equal(containers.words(remove, 'pod/web container/app').done, 'old container removed');
  assert.equal(containers.words(remove, 'pod/web').subject, 'pod/web container/old');
  const leftovers: Operation = { ...remove, containers: ['web-old', 'web-app_new'] };
  assert.equal(definitionOf(leftovers).words(leftovers, 'pod/web').subject, 'pod/web leftover containers');
  const volumes: Operation = { kind: 'remove-volumes', volumes: ['data'] };
  assert.equal(definitionOf(volumes).words(volumes, 'volume/data').result, 'removed');
  assert.equal(definitionOf(volumes).words(volumes, 'pod/web').result, undefined);
  assert.equal(definitionOf(volumes).words(volumes, 'pod/web').subject, 'pod/web volumes');
  const secrets: Operation = { kind: 'remove-secrets', secrets: ['a'] };
  assert.equal(definitionOf(secrets).words(secrets, 'pod/web').subject, 'pod/web secrets');
});

test('an error names its object as plans do', () => {
  const names = { pod: 'web', container: 'setup', role: 'init' } as const;
  const operations: readonly (readonly [Operation, string])[] = [
    [{ kind: 'check-image-user', ...names, image: 'shop:1' }, 'run pod/web init/setup'],
    [{ kind: 'check-image-shell', ...names, image: 'shop:1' }, 'run pod/web init/setup'],
    [
      { kind: 'make-termination-log', ...names, volume: 'web-log' },
      'create the termination message file of pod/web init/setup',
    ],
    [
      { kind: 'create-secret', project: 'p', ...names, variable: 'TOKEN', fingerprint: 'f' },
      'create the podman secret for variable TOKEN of pod/web init/setup',
    ],
    [
      { kind: 'create-secret', project: 'p', ...names, field: 'args', index: 1, fingerprint: 'f' },
      'create the podman secret for args[1] of pod/web init/setup',
    ],
    [{ kind: 'unpause-container', pod: 'web', container: 'app' }, 'unpause pod/web container/app'],
    [{ kind: 'remove-volumes', volumes: ['a'] }, 'remove volume a'],
    [{ kind: 'remove-volumes', volumes: ['a', 'b'] }, 'remove volumes a, b'],
  ];
  for (const [operation, described] of operations) {
    assert.equal(definitionOf(operation).describe(operation), described);
    const { subject } = definitionOf(operation).words(operation);
    if ('role' in operation) assert.equal(subject, 'pod/web init/setup');
  }
});

suite("A script of podpose's own reports by its exit code and one line", () => {
  test('the user of an image', () => {
    const check: Operation = {
      kind: 'check-image-user',
      pod: 'web',
      container: 'app',
      role: 'container',
      image: 'shop:1',
    };
    const { args } = commandOf(check, CAPABILITIES);
    const said = (user: string) => {
      const words = args.map((argument) => (typeof argument === 'string' ? argument : user));
      const { status, stderr } = spawnSync('sh', words, { encoding: 'utf8' });
      return status === 0
        ? undefined
        : explainReport(status ?? 0, stderr.split('\n'), `cannot ${definitionOf(check).describe(check)}`);
    };
    for (const user of ['', '0', '00']) {
      const { code, message } = said(user) ?? {};
      assert.equal(code, 'image-runs-as-root');
      assert.equal(
        message,
        'cannot run pod/web container/app: runAsNonRoot is set, but the image runs as root',
      );
    }
    for (const user of ['www\tdata', 'unauthorized: no such image', '-1'])
      assert.ok(said(user)?.message.includes(`non-numeric user (${user})`), user);
    assert.equal(said('1000'), undefined);
  });

  test('special names and other output do not matter', () => {
    const path = 'no such image\\unauthorized';
    const lines = ['time="x" level=warning msg="y"', `sub-path-escapes\t${path}\t/a`, 'b\tc', ''];
    assert.deepEqual(explainReport(64, [...lines.slice(0, 3), ''], 'cannot'), {
      code: 'sub-path-escapes',
      severity: 'error',
      message: `cannot: the path ${path} leaves the volume through a symbolic link to /a\nb\tc`,
      help: 'A subPath must stay inside its volume. Check what creates the link, for example an init container.',
    });
    assert.equal(
      explainReport(64, ['sub-path-escapes\ta/b\t'], 'cannot')?.message,
      'cannot: the path a/b leaves the volume through a symbolic link',
    );
  });

  test('both are required: another exit code or another line is no report', () => {
    assert.equal(explainReport(1, ['image-runs-as-root\t'], 'cannot'), undefined);
    assert.equal(explainReport(64, ['toString\tx', 'image-runs-as-root', ''], 'cannot'), undefined);
  });
});
