import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path/posix';
import { suite, test, type TestContext } from 'node:test';
import { startInBackground, startInForeground } from '../../src/podman/operations/working-dir.ts';

/**
 * A podman that refuses to start if the working directory is not in the directory `root` beside it; only the scripts
 * are under test.
 */
const PODMAN = `#!/bin/sh
here=\${0%/*}
echo "$1" >>"$here/calls"
missing() { [ -d "$here/root/$WANTED" ] || { echo "Error: workdir \\"/x\\" does not exist on container 1" >&2; exit 126; }; }
case $1 in
run) missing; echo warning >&2; echo started ;;
start) missing; echo "$*"; exit 7 ;;
create) echo id ;;
fail) echo "Error: other" >&2; exit 125 ;;
mount) echo "$here/root" ;;
unshare) shift; exec "$@" ;;
esac
`;

interface Tried {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly calls: string;
  readonly root: string;
}

interface Trial {
  readonly workingDir: string;
  /** Its real path inside the container. */
  readonly resolved?: string;
  readonly links?: Readonly<Record<string, string>>;
  readonly verb?: 'run' | 'fail' | 'create';
}

function attempt(
  t: TestContext,
  { workingDir, resolved = workingDir, links = {}, verb = 'run' }: Trial,
): Tried {
  const directory = mkdtempSync(join(tmpdir(), 'podpose-working-dir-'));
  t.after(() => {
    rmSync(directory, { recursive: true });
  });
  const podman = join(directory, 'podman');
  writeFileSync(podman, PODMAN);
  chmodSync(podman, 0o755);
  const root = join(directory, 'root');
  mkdirSync(join(root, 'here'), { recursive: true });
  writeFileSync(join(root, 'file'), '');
  for (const [path, to] of Object.entries(links)) symlinkSync(to, join(root, path));
  const where = { name: 'web-app', workingDir };
  const { program, args } =
    verb === 'create'
      ? startInForeground([verb], where, 'none', podman)
      : startInBackground([verb], where, podman);
  const words = args.map((word) => (typeof word === 'string' ? word : ''));
  const env = { ...process.env, WANTED: resolved };
  const { status, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8', env });
  const calls = spawnSync('paste', ['-sd', ' ', join(directory, 'calls')], {
    encoding: 'utf8',
  }).stdout.trim();
  return { code: status, stdout, stderr, calls, root };
}

suite('a working directory that the image lacks', () => {
  test('is not created if it exists', (t) => {
    const { code, stdout, stderr, calls } = attempt(t, { workingDir: '/here' });
    assert.deepEqual([code, stdout, stderr, calls], [0, 'started\n', 'warning\n', 'run']);
  });

  test('another failure is not changed', (t) => {
    const { code, stderr, calls } = attempt(t, { workingDir: '/gone', verb: 'fail' });
    assert.deepEqual([code, stderr, calls], [125, 'Error: other\n', 'fail']);
  });

  test('is created with the mode of runc, and the container is started', (t) => {
    const { code, stderr, calls, root } = attempt(t, { workingDir: '/a b/-c/*' });
    assert.deepEqual([code, stderr, calls], [7, '', 'run unshare mount umount start']);
    assert.equal(statSync(join(root, 'a b/-c/*')).mode & 0o7777, 0o755);
  });

  test('the command waits for an init container and returns its exit code', (t) => {
    const { code, stdout, calls } = attempt(t, { workingDir: '/a', verb: 'create' });
    assert.deepEqual([code, stdout], [7, 'start --attach web-app\n']);
    assert.equal(calls, 'create unshare mount umount start');
  });
});

suite('links in the path of a working directory', () => {
  const outside = join(tmpdir(), `podpose-outside-${process.pid}`);
  const ways: readonly (readonly [string, Readonly<Record<string, string>>, string, string])[] = [
    ['a link of the root', { link: outside }, '/link/a', `${outside}/a`],
    ['a link upwards', { 'here/link': `../../../../../..${outside}` }, '/here/link/a', `${outside}/a`],
    ['a link to a link', { one: 'two', two: '/here' }, '/one/a', '/here/a'],
    ['parts upwards', {}, `/../../../..${outside}/a`, `${outside}/a`],
    ['a link to nothing', { link: 'to/come' }, '/link', '/to/come'],
  ];
  for (const [what, links, workingDir, resolved] of ways)
    test(`${what} stays inside the container`, (t) => {
      const { stderr, root } = attempt(t, { workingDir, resolved, links });
      assert.equal(stderr, '');
      assert.ok(existsSync(join(root, resolved)));
      assert.ok(!existsSync(outside));
    });

  test('circular links, and a file, are reported', (t) => {
    const circle = attempt(t, { workingDir: '/one/a', links: { one: 'two', two: 'one' } });
    assert.deepEqual([circle.code, circle.calls], [125, 'run unshare mount umount']);
    assert.match(circle.stderr, /^Error: workdir \/one\/a: too many symbolic links$/m);
    const file = attempt(t, { workingDir: '/file/a' });
    assert.match(file.stderr, /^Error: workdir \/file\/a: mkdir: .*file.*exists$/im);
  });
});
