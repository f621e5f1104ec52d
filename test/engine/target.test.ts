import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findTarget, type TargetOptions } from '../../src/engine/target.ts';
import type { ObservedContainer, ObservedPod } from '../../src/podman/inspect/observed.ts';

const FILES: Readonly<Record<string, 'file' | 'directory'>> = {
  '/here/app.yaml': 'file',
  '/here/web/app': 'file',
  '/here/shop': 'directory',
};

const platform = {
  env: {},
  cwd: '/here',
  files: {
    typeOf: (path: string) => FILES[path] ?? 'absent',
    read: () => Promise.reject(new Error('not read')),
    list: () => Promise.resolve([]),
  },
} as const;

const known = {
  pods: [pod('web'), pod('db'), pod('pod'), pod('po')],
  containers: [container('web', 'app'), container('po', 'tool')],
};

function pod(name: string): ObservedPod {
  const owner = { project: name === 'db' ? 'other' : 'demo', pod: name };
  // `up` has not created the container `proxy` yet.
  const labels = { 'podpose.containers': 'init/setup,container/app,container/proxy' };
  return { id: name, name, labels, owner, infra: 'running', infraStartedAt: 1 } as unknown as ObservedPod;
}

function container(podName: string, name: string): ObservedContainer {
  const owner = { project: 'demo', pod: podName, role: 'container', name };
  return { id: name, name: `${podName}-${name}`, podName, labels: {}, owner } as unknown as ObservedContainer;
}

function target(...operands: readonly string[]): unknown {
  return targetOf({ files: [], operands });
}

function targetOf(options: TargetOptions): unknown {
  const found = findTarget(platform, options, known);
  if (!found.ok) return found.error.map(({ code, message, suggestion }) => [code, message, suggestion]);
  const { containers, ...rest } = found.value;
  return { ...rest, ...(containers === undefined ? {} : { containers: Object.fromEntries(containers) }) };
}

/** What a command line selects. */
const selections: readonly (readonly [readonly string[], object])[] = [
  [['web'], { project: 'demo', pods: ['web'] }],
  [['pod/web'], { project: 'demo', pods: ['web'] }],
  [['pods/web'], { project: 'demo', pods: ['web'] }],
  [['po/web', 'web/proxy'], { project: 'demo', pods: ['web'] }],
  [['pods/web', 'container/app'], { project: 'demo', pods: ['web'], containers: { web: ['app'] } }],
  [['web/proxy'], { project: 'demo', pods: ['web'], containers: { web: ['proxy'] } }],
  [['web/proxy', 'web/setup'], { project: 'demo', pods: ['web'], containers: { web: ['proxy', 'setup'] } }],
  [['pod/web', 'init/setup'], { project: 'demo', pods: ['web'], containers: { web: ['setup'] } }],
  [['web', 'container/app'], { project: 'demo', pods: ['web'], containers: { web: ['app'] } }],
  [['web/setup', 'web'], { project: 'demo', pods: ['web'] }],
  [['db/app'], { project: 'other', pods: ['db'], containers: { db: ['app'] } }],
  // A pod that is called `pod`.
  [['pod'], { project: 'demo', pods: ['pod'] }],
  [['po'], { project: 'demo', pods: ['po'] }],
  [['po/tool'], { project: 'demo', pods: ['po'], containers: { po: ['tool'] } }],
  [['pod/app'], { project: 'demo', pods: ['pod'], containers: { pod: ['app'] } }],
  // Paths win.
  [['shop'], { project: 'shop' }],
  [['web/app'], { project: 'web' }],
];

for (const [operands, expected] of selections)
  test(`selects ${operands.join(' ')}`, () => {
    assert.deepEqual(target(...operands), expected);
  });

const inNamespaces = {
  pods: [pod('web'), pod('staging_web'), pod('staging_db'), pod('test_db')],
  containers: [container('staging_web', 'app')],
};

/** What a command line with a namespace, or without one, selects among pods of several namespaces. */
const ofNamespaces: readonly (readonly [string | undefined, readonly string[], unknown])[] = [
  [undefined, ['web'], { project: 'demo', pods: ['web'] }],
  [undefined, ['staging_web'], { project: 'demo', pods: ['staging_web'] }],
  ['staging', ['web'], { project: 'demo', pods: ['staging_web'] }],
  ['staging', ['pod/web', 'container/app'], { project: 'demo', pods: ['staging_web'] }],
  ['staging', [], { project: 'here', pods: [], namespace: 'staging' }],
  [undefined, ['db'], "several pods are called 'db', in the namespaces staging, test"],
  ['test', ['db'], { project: 'demo', pods: ['test_db'] }],
  ['test', ['web'], 'no such pod: web'],
];

for (const [namespace, operands, expected] of ofNamespaces)
  test(`selects ${operands.join(' ') || 'the project'} in ${namespace ?? 'any namespace'}`, () => {
    const found = findTarget(platform, { files: [], operands, namespace }, inNamespaces);
    if (!found.ok) assert.equal(found.error[0]?.message, expected);
    else {
      const { containers: _, ...rest } = found.value;
      assert.deepEqual(rest, expected);
    }
  });

test('a namespace selects its pods of the project', () => {
  const found = findTarget(
    platform,
    { project: 'demo', files: [], operands: [], namespace: 'staging' },
    inNamespaces,
  );
  assert.ok(found.ok);
  assert.deepEqual(found.value, {
    project: 'demo',
    namespace: 'staging',
    pods: ['staging_web', 'staging_db'],
  });
});

/** Operands that select nothing, and the error. */
const mistakes: readonly (readonly [readonly string[], string, string, string?])[] = [
  [['wbe'], 'no-such-pod', 'no such pod: wbe', 'web'],
  [['pod/wbe'], 'no-such-pod', 'no such pod: wbe', 'web'],
  [['wbe/app'], 'no-such-pod', 'no such pod: wbe', 'web'],
  [['web/prxy'], 'no-such-container', 'no such container: web/prxy', 'proxy'],
  [['manifests/frontend'], 'file-missing', 'manifests/frontend: no such file or directory'],
  [['web/app.yaml'], 'file-missing', 'web/app.yaml: no such file or directory'],
  [['./web'], 'file-missing', './web: no such file or directory'],
  [['a/web/app'], 'file-missing', 'a/web/app: no such file or directory'],
  [['web', 'db'], 'two-projects', 'these pods belong to different projects: demo, other'],
];

for (const [operands, ...expected] of mistakes)
  test(`refuses ${operands.join(' ')}`, () => {
    const [code, message, suggestion] = expected;
    assert.deepEqual(target(...operands), [[code, message, suggestion]]);
  });

/** Pods with a file or a project. */
const inProjects: readonly (readonly [string, TargetOptions, unknown])[] = [
  ['a file selects its project', { files: ['app.yaml'], operands: [] }, { project: 'here' }],
  [
    'the project is given',
    { project: 'demo', files: [], operands: ['web'] },
    { project: 'demo', pods: ['web'] },
  ],
  [
    'a file and a pod of its project',
    { project: 'demo', files: [], operands: ['app.yaml', 'web'] },
    { project: 'demo', pods: ['web'] },
  ],
  [
    'a file and pods of another project',
    { files: [], operands: ['shop', 'web', 'db'] },
    [
      ['other-project', "pod/web belongs to project 'demo', not to 'shop', the project of shop", undefined],
      ['other-project', "pod/db belongs to project 'other', not to 'shop', the project of shop", undefined],
    ],
  ],
  [
    'a pod of another project',
    { project: 'demo', files: [], operands: ['web', 'pods/db'] },
    [['other-project', "pod/db belongs to project 'other', not to 'demo'", undefined]],
  ],
  [
    'no init container, if it cannot be named',
    { files: [], operands: ['web/setup', 'web/nope'], withoutInit: true },
    [
      ['whole-pods-only', 'cannot restart an init container alone: web/setup', undefined],
      ['no-such-container', 'no such container: web/nope', undefined],
    ],
  ],
];

for (const [what, options, expected] of inProjects)
  test(what, () => {
    assert.deepEqual(targetOf(options), expected);
  });

test('the containers that can be named instead', () => {
  const found = findTarget(platform, { files: [], operands: ['web/nope'], withoutInit: true }, known);
  assert.deepEqual(found.ok ? [] : found.error.map(({ help }) => help), ['Containers: app, proxy.']);
});
