import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { suite, test } from 'node:test';
import { quote, shellLine } from '../../src/podman/operations/shell.ts';
import { capabilitiesOf, formatVersion, isAtLeast, parseVersion } from '../../src/podman/inspect/version.ts';

suite('versions', () => {
  test('as podman prints them', () => {
    const read: readonly (readonly [string, string])[] = [
      ['podman version 4.3.1', '4.3.1'],
      ['podman version 5.4.2\n', '5.4.2'],
      ['podman version 5.0.0-rc7', '5.0.0'],
      ['podman version 6.0.0-dev', '6.0.0'],
      ['podman.exe version 4.9.0', ''],
      ['podman version 10.11.12', '10.11.12'],
      ['podman version 4.3', '4.3.0'],
    ];
    for (const [text, version] of read) {
      const parsed = parseVersion(text);
      assert.equal(parsed === undefined ? '' : formatVersion(parsed), version, text);
    }
  });

  test('another program has no version', () => {
    for (const text of ['', 'docker version 27.0.1', 'podman', '4.3.1', 'podman version unknown'])
      assert.equal(parseVersion(text), undefined, text);
  });

  test('compare by number', () => {
    const version = { major: 4, minor: 10, patch: 0 };
    assert.ok(isAtLeast(version, 4, 10));
    assert.ok(isAtLeast(version, 4, 9));
    assert.ok(isAtLeast(version, 3, 11));
    assert.ok(!isAtLeast(version, 4, 11));
    assert.ok(!isAtLeast(version, 5, 0));
  });

  test('the size of a tmpfs volume can be given since 4.8', () => {
    assert.ok(!capabilitiesOf({ major: 4, minor: 7, patch: 2 }).tmpfsSize);
    assert.ok(capabilitiesOf({ major: 4, minor: 8, patch: 0 }).tmpfsSize);
    assert.ok(capabilitiesOf({ major: 5, minor: 0, patch: 0 }).tmpfsSize);
  });
});

test('the machine’s own names are left out of /etc/hosts since 5.4', () => {
  assert.ok(!capabilitiesOf({ major: 5, minor: 3, patch: 9 }).hostsFile);
  assert.ok(capabilitiesOf({ major: 5, minor: 4, patch: 0 }).hostsFile);
});

test('nested SELinux labels exist since 4.5', () => {
  assert.ok(!capabilitiesOf({ major: 4, minor: 4, patch: 4 }).nestedLabels);
  assert.ok(capabilitiesOf({ major: 4, minor: 5, patch: 0 }).nestedLabels);
});

test('podman itself mounts a subPath of a volume since 5.4', () => {
  assert.ok(!capabilitiesOf({ major: 5, minor: 3, patch: 9 }).volumeSubPath);
  assert.ok(capabilitiesOf({ major: 5, minor: 4, patch: 0 }).volumeSubPath);
});

test('podman records flags in annotations since 5.5 and 5.6, and its service maps the IDs of a pod since 5.3', () => {
  const of = (minor: number) => {
    const { usernsByRequest, pidsAnnotation, cpusetAnnotations } = capabilitiesOf({
      major: 5,
      minor,
      patch: 0,
    });
    return [usernsByRequest, pidsAnnotation, cpusetAnnotations];
  };
  assert.deepEqual(of(2), [false, false, false]);
  assert.deepEqual(of(3), [true, false, false]);
  assert.deepEqual(of(5), [true, true, false]);
  assert.deepEqual(of(6), [true, true, true]);
});

suite('quoting for a POSIX shell', () => {
  test('plain words are not quoted, to keep plans readable', () => {
    for (const word of [
      '--name',
      'docker.io/library/nginx:1.27',
      'o=uid=0,gid=0',
      '127.0.0.1:80:80/tcp',
      'a@b',
      '50%',
    ])
      assert.equal(quote(word), word);
  });

  test('a shell restores every word exactly', () => {
    const words = oddWords();
    const script = `printf '%s\\0' ${words.map(quote).join(' ')}`;
    const { stdout, status } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
    assert.equal(status, 0);
    assert.deepEqual(stdout.split('\0').slice(0, -1), words);
  });

  test('the shell runs the queries of arguments', () => {
    const line = shellLine(
      {
        program: 'podman',
        args: [
          'run',
          { before: 'it is ', ask: { args: ['-c', 'echo "a  b" $HOME; echo'] }, after: "/x y's" },
          'end',
        ],
      },
      'sh',
    );
    const { stdout } = spawnSync('sh', ['-c', `run() { printf '<%s>' "$@"; }; ${line.replace(/^sh /, '')}`], {
      encoding: 'utf8',
      env: { ...process.env, HOME: '/home/ann' },
    });
    assert.equal(stdout, "<it is a  b /home/ann/x y's><end>");
  });

  test('only podman is replaced by the chosen podman', () => {
    assert.equal(shellLine({ program: 'mkdir', args: ['-p', '/a b'] }, '/opt/podman'), "mkdir -p '/a b'");
    assert.equal(shellLine({ program: 'podman', args: ['ps'] }, '/opt/my podman'), "'/opt/my podman' ps");
  });
});

/** Words with all characters that are special in some shell, alone and in pairs. */
function oddWords(): readonly string[] {
  const odd = [
    ...Array.from(' \t\n\r\'"`$\\!#&*()[]{}<>|;?~^=-+%@,:./'),
    '',
    '$(id)',
    '${HOME}',
    'grün',
    '😀',
    '--',
    '-n',
    'a',
  ];
  return odd.flatMap((first) => [first, ...odd.map((second) => `${first}x${second}`), `${first}${first}`]);
}
