import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FileType } from '../../src/base/file-type.ts';
import { checkHostPaths, hostPathsToCreate } from '../../src/kube/storage/host-path.ts';
import { mean, podWithContainer } from './manifest.ts';

const onMachine: Readonly<Record<string, FileType>> = {
  '/': 'directory',
  '/srv': 'directory',
  '/srv/page.html': 'file',
  '/run': 'directory',
  '/run/app.sock': 'socket',
  '/dev/null': 'character device',
  '/dev/sda': 'block device',
  '/run/pipe': 'other',
  '/root/secret': 'unreadable',
  '/home/ann/demo': 'directory',
};

const files = { typeOf: (path: string): FileType => onMachine[path] ?? 'absent' };

function podsWith(path: string, type?: string): ReturnType<typeof mean>['pods'] {
  return mean(
    podWithContainer(
      { volumeMounts: [{ name: 'data', mountPath: '/data' }] },
      { volumes: [{ name: 'data', hostPath: { path, ...(type === undefined ? {} : { type }) } }] },
    ),
  ).pods;
}

const failed = 'hostPath type check failed:';

/** Path, type, and what is wrong with them. */
const checks: readonly (readonly [string, string | undefined, string | undefined])[] = [
  ['/srv', undefined, undefined],
  ['/srv', '', undefined],
  ['/srv/page.html', undefined, undefined],
  ['/run/app.sock', undefined, undefined],
  ['/missing', undefined, '/missing does not exist'],
  ['missing', undefined, '/home/ann/demo/missing does not exist'],
  ['/root/secret', undefined, 'permission denied: /root/secret'],
  ['/srv', 'Directory', undefined],
  ['/srv/', 'Directory', undefined],
  ['/srv/page.html', 'Directory', `${failed} /srv/page.html is not a directory`],
  ['/missing', 'Directory', `${failed} /missing is not a directory: it does not exist`],
  ['/srv/page.html', 'File', undefined],
  ['/srv', 'File', `${failed} /srv is not a file`],
  ['/missing', 'File', `${failed} /missing is not a file: it does not exist`],
  ['/run/app.sock', 'Socket', undefined],
  ['/srv', 'Socket', `${failed} /srv is not a socket file`],
  ['/missing', 'Socket', `${failed} /missing is not a socket file: it does not exist`],
  ['/dev/null', 'CharDevice', undefined],
  ['/dev/sda', 'CharDevice', `${failed} /dev/sda is not a character device`],
  ['/dev/sda', 'BlockDevice', undefined],
  ['/run/pipe', 'BlockDevice', `${failed} /run/pipe is not a block device`],
  ['/srv', 'DirectoryOrCreate', undefined],
  ['/srv/new', 'DirectoryOrCreate', undefined],
  ['/srv/new/deep', 'DirectoryOrCreate', undefined],
  ['/srv/page.html', 'DirectoryOrCreate', `${failed} /srv/page.html is not a directory`],
  [
    '/srv/page.html/x',
    'DirectoryOrCreate',
    'cannot create /srv/page.html/x: /srv/page.html is not a directory',
  ],
  ['/srv/page.html', 'FileOrCreate', undefined],
  ['/srv/new', 'FileOrCreate', undefined],
  ['/srv', 'FileOrCreate', `${failed} /srv is not a file`],
  ['/srv/new/x', 'FileOrCreate', 'cannot create /srv/new/x: no such directory: /srv/new'],
  ['/srv/page.html/x', 'FileOrCreate', 'cannot create /srv/page.html/x: /srv/page.html is not a directory'],
];

for (const [path, type, expected] of checks)
  test(`the host path ${path} of type ${type ?? '(none)'}`, () => {
    const found = checkHostPaths(podsWith(path, type), files);
    assert.deepEqual(
      found.map(({ message }) => message),
      expected === undefined ? [] : [expected],
    );
  });

test('a missing host path is reported with location and help', () => {
  const [found] = checkHostPaths(podsWith('/missing'), files);
  assert.ok(found);
  assert.equal(found.code, 'host-path-missing');
  assert.equal(found.severity, 'error');
  assert.equal(found.path, 'spec.volumes[0].hostPath.path');
  assert.equal(found.location?.file, 'demo/1.yaml');
  assert.match(found.help ?? '', /mkdir -p \/missing.*DirectoryOrCreate/);
});

const creations: readonly (readonly [string, string | undefined, 'directory' | 'file' | undefined])[] = [
  ['/srv/new', 'DirectoryOrCreate', 'directory'],
  ['/srv/new', 'FileOrCreate', 'file'],
  ['/srv', 'DirectoryOrCreate', undefined],
  ['/srv/page.html', 'FileOrCreate', undefined],
  ['/missing', 'Directory', undefined],
  ['/missing', undefined, undefined],
];

for (const [path, type, what] of creations)
  test(`for ${path} of type ${type ?? '(none)'} ${what === undefined ? 'nothing' : `a ${what}`} is created`, () => {
    const [first] = podsWith(path, type);
    assert.ok(first);
    assert.deepEqual(hostPathsToCreate(first.pod, files), what === undefined ? [] : [{ path, what }]);
  });

test('a path of two volumes is created once', () => {
  const hostPath = { path: 'new', type: 'DirectoryOrCreate' };
  const volumes = ['a', 'b'].map((name) => ({ name, hostPath }));
  const volumeMounts = ['a', 'b'].map((name) => ({ name, mountPath: `/${name}` }));
  const [first] = mean(podWithContainer({ volumeMounts }, { volumes })).pods;
  assert.ok(first);
  assert.deepEqual(hostPathsToCreate(first.pod, files), [{ path: '/home/ann/demo/new', what: 'directory' }]);
});
