import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { VolumeFile } from '../../src/kube/spec/desired-volume.ts';
import { writeFilesCommand } from '../../src/podman/operations/write-files.ts';
import { inputBytes } from '../../src/podman/operations/input.ts';
import { shellLine } from '../../src/podman/operations/shell.ts';

/*
 * Runs the real script that writes the files of a volume, with the shell of this machine, in a directory that stands
 * for the volume.
 */

const SECRETS: ReadonlyMap<string, Uint8Array> = new Map([
  ['hmac-sha256:1', new Uint8Array([0, 255, 10, 39])],
  ['hmac-sha256:2', new TextEncoder().encode("it's $HOME")],
]);

const text = (path: string, content: string, mode = 0o644): VolumeFile => ({
  path,
  mode,
  content: { type: 'text', text: content },
});
const binary = (path: string, base64: string): VolumeFile => ({
  path,
  mode: 0o644,
  content: { type: 'binary', base64 },
});
const secret = (path: string, number: 1 | 2): VolumeFile => ({
  path,
  mode: 0o400,
  content: { type: 'secret', fingerprint: `hmac-sha256:${number}`, from: 'a test' },
});

function commandFor(files: readonly VolumeFile[], mountPoints?: readonly string[]) {
  const points = mountPoints === undefined ? {} : { mountPoints };
  return writeFilesCommand({ pod: 'web', volume: 'config', files, ...points });
}

/** A new volume, and the function that writes it. */
function volume() {
  const directory = mkdtempSync(join(tmpdir(), 'podpose-files-'));
  const write = (...files: readonly VolumeFile[]) => {
    writeWith([], ...files);
  };
  const writeWith = (mountPoints: readonly string[], ...files: readonly VolumeFile[]) => {
    const { input } = commandFor(files, mountPoints);
    assert.ok(input);
    const script = inputBytes(input, (fingerprint) => SECRETS.get(fingerprint));
    assert.ok(script);
    const { status, stderr } = spawnSync('sh', ['-s', '--', directory], { input: script, encoding: 'utf8' });
    assert.equal(stderr, '');
    assert.equal(status, 0);
  };
  return { directory, write, writeWith };
}

type Volume = ReturnType<typeof volume>;

function scene(
  name: string,
  act: (directory: string, write: Volume['write'], writeWith: Volume['writeWith']) => void,
): void {
  void test(name, () => {
    const { directory, write, writeWith } = volume();
    try {
      act(directory, write, writeWith);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
}

const ODD = [
  `it's "odd" $HOME \`date\` \\n %s %% \\\\`,
  ' leading, and at the end\n\n',
  'END\nEND_\n',
  '\u0001\u0081 é あいう 🎉 \u007f\r\n',
  '-n',
  '',
];

scene('a file holds what it is to hold, to the byte', (directory, write) => {
  write(
    ...ODD.map((content, index) => text(`${index}`, content)),
    binary('bytes', 'AP8BAgo='),
    secret('s', 1),
  );
  for (const [index, content] of ODD.entries())
    assert.equal(readFileSync(join(directory, `${index}`), 'utf8'), content);
  assert.deepEqual([...readFileSync(join(directory, 'bytes'))], [0, 255, 1, 2, 10]);
  assert.deepEqual([...readFileSync(join(directory, 's'))], [0, 255, 10, 39]);
});

scene('every byte comes through the shell', (directory, write) => {
  const all = Array.from({ length: 0x2fff }, (_, index) => index + 1).filter((code) => code < 0xd800);
  const content = String.fromCodePoint(...all);
  write(text('all', content));
  assert.equal(readFileSync(join(directory, 'all'), 'utf8'), content);
});

scene('paths are taken as they are', (directory, write) => {
  const paths = ['-rf', 'a b', "it's", '$HOME', '*', 'deep/down/x', 'deep/y', '.hidden', '[a]', '~'];
  write(...paths.map((path) => text(path, path)));
  for (const path of paths) assert.equal(readFileSync(join(directory, path), 'utf8'), path);
  assert.deepEqual(
    readdirSync(directory)
      .filter((name) => !name.startsWith('..'))
      .sort(),
    ['$HOME', '*', '-rf', '.hidden', '[a]', 'a b', 'deep', "it's", '~'].sort(),
  );
});

scene('modes are those of the files, and folders can be entered by all', (directory, write) => {
  write(text('a', '', 0o400), text('in/b', '', 0o755), text('in/c', '', 0));
  const mode = (path: string) => (statSync(join(directory, path)).mode & 0o7777).toString(8);
  assert.deepEqual(['a', 'in/b', 'in/c', 'in', '..data', '.'].map(mode), [
    '400',
    '755',
    '0',
    '755',
    '755',
    '777',
  ]);
});

scene('what is seen are links through one that is renamed', (directory, write) => {
  write(text('a', 'one'), text('in/b', 'one'));
  const before = readlinkSync(join(directory, '..data'));
  assert.match(before, /^\.\.[0-9a-f]{16}$/);
  assert.equal(readlinkSync(join(directory, 'a')), '..data/a');
  assert.equal(readlinkSync(join(directory, 'in')), '..data/in');
  write(text('a', 'two'), text('c', 'two'));
  const after = readlinkSync(join(directory, '..data'));
  assert.notEqual(after, before);
  assert.deepEqual(readdirSync(directory).sort(), ['..data', after, 'a', 'c'].sort());
});

scene('what is there already is left as it is', (directory, write) => {
  write(text('a', 'one'));
  const { ino } = statSync(join(directory, 'a'));
  write(text('a', 'one'));
  assert.equal(statSync(join(directory, 'a')).ino, ino);
  assert.ok(lstatSync(join(directory, 'a')).isSymbolicLink());
});

scene('half of what an earlier run has written is in nobody’s way', (directory, write) => {
  write(text('a', 'one'), text('gone', 'one'));
  const old = readlinkSync(join(directory, '..data'));
  write(text('a', 'two'), text('new', 'two'));
  const next = readlinkSync(join(directory, '..data'));
  rmSync(directory, { recursive: true });
  mkdirSync(directory);
  write(text('a', 'one'), text('gone', 'one'));
  mkdirSync(join(directory, next));
  writeFileSync(join(directory, next, 'a'), 'tw');
  writeFileSync(join(directory, '..data_tmp'), '');
  mkdirSync(join(directory, 'new'));
  assert.equal(readlinkSync(join(directory, '..data')), old);
  write(text('a', 'two'), text('new', 'two'));
  assert.equal(readFileSync(join(directory, 'a'), 'utf8'), 'two');
  assert.equal(readFileSync(join(directory, 'new'), 'utf8'), 'two');
  assert.deepEqual(readdirSync(directory).sort(), ['..data', next, 'a', 'new'].sort());
});

scene('folders that others are mounted on stay when the files change', (directory, write, writeWith) => {
  const mode = (path: string) => (lstatSync(join(directory, path)).mode & 0o7777).toString(8);
  const points = ['more', "it's/deep"];
  write(text('a', 'one'), text('more', 'one'));
  writeWith(points, text('a', 'one'), text('more', 'one'));
  const { ino } = lstatSync(join(directory, 'more'));
  assert.deepEqual(['more', "it's", "it's/deep"].map(mode), ['755', '755', '755']);
  // Mounts of a container are not visible here, only files that it writes without a mount.
  writeFileSync(join(directory, 'more', 'kept'), '');
  writeWith(points, text('a', 'two'), text("it's/hidden", 'two'));
  assert.equal(lstatSync(join(directory, 'more')).ino, ino);
  assert.deepEqual(readdirSync(join(directory, 'more')), ['kept']);
  assert.deepEqual(readdirSync(join(directory, "it's")), ['deep']);
  assert.equal(readFileSync(join(directory, 'a'), 'utf8'), 'two');
  write(text('a', 'three'));
  assert.ok(lstatSync(join(directory, 'more')).isDirectory());
  write(text('more', 'four'));
  assert.equal(readFileSync(join(directory, 'more'), 'utf8'), 'four');
});

scene('no files are an empty folder', (directory, write) => {
  write(text('a', 'one'));
  write();
  assert.deepEqual(
    readdirSync(directory).filter((name) => !name.startsWith('..')),
    [],
  );
  assert.deepEqual(readdirSync(join(directory, '..data')), []);
});

void test('a secret is neither in the arguments nor in printed commands', () => {
  const command = commandFor([secret('tls.key', 2), text('END', 'END')]);
  const line = shellLine(command);
  assert.doesNotMatch(JSON.stringify(command) + line, /it's|aXQncyAkSE9NRQ/);
  assert.match(
    line,
    /^podman unshare sh -s -- "\$\(.*\)" "\$\{SECRET_WEB_CONFIG_TLS_KEY:\?set it to the path of a file with the secret value\}" <<'END'\n/,
  );
  assert.match(line, /^cat -- "\$\{2\}" >"\$d"\/tls\.key$/m);
  assert.match(line, /\nEND$/);
});

void test('the end marker of a printed script does not occur in it', () => {
  const line = shellLine(commandFor([text('a', '\nEND\nEND_\n')]));
  assert.match(line, /<<'END__'\n/);
  assert.equal(spawnSync('sh', ['-n'], { input: `${line}\n`, encoding: 'utf8' }).stderr, '');
});
