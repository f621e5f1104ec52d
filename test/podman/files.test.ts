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
import type { VolumeFile } from '../../src/pod/desired.ts';
import { writeFilesCommand } from '../../src/podman/argv/files.ts';
import { inputBytes } from '../../src/podman/argv/input.ts';
import { shellLine } from '../../src/podman/argv/shell.ts';

/*
 * The script that writes the files of a volume is run here for real, by the shell of this machine, in a folder that
 * stands for the volume.
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
  return writeFilesCommand({ kind: 'write-files', pod: 'web', volume: 'config', files, ...points });
}

/** A volume of its own, and how it is written. */
function volume() {
  const folder = mkdtempSync(join(tmpdir(), 'podpose-files-'));
  const write = (...files: readonly VolumeFile[]) => {
    writeWith([], ...files);
  };
  const writeWith = (mountPoints: readonly string[], ...files: readonly VolumeFile[]) => {
    const { input } = commandFor(files, mountPoints);
    assert.ok(input);
    const script = inputBytes(input, (fingerprint) => SECRETS.get(fingerprint));
    assert.ok(script);
    const { status, stderr } = spawnSync('sh', ['-s', '--', folder], { input: script, encoding: 'utf8' });
    assert.equal(stderr, '');
    assert.equal(status, 0);
  };
  return { folder, write, writeWith };
}

type Volume = ReturnType<typeof volume>;

function scene(
  name: string,
  act: (folder: string, write: Volume['write'], writeWith: Volume['writeWith']) => void,
): void {
  void test(name, () => {
    const { folder, write, writeWith } = volume();
    try {
      act(folder, write, writeWith);
    } finally {
      rmSync(folder, { recursive: true });
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

scene('a file holds what it is to hold, to the byte', (folder, write) => {
  write(
    ...ODD.map((content, index) => text(`${index}`, content)),
    binary('bytes', 'AP8BAgo='),
    secret('s', 1),
  );
  for (const [index, content] of ODD.entries())
    assert.equal(readFileSync(join(folder, `${index}`), 'utf8'), content);
  assert.deepEqual([...readFileSync(join(folder, 'bytes'))], [0, 255, 1, 2, 10]);
  assert.deepEqual([...readFileSync(join(folder, 's'))], [0, 255, 10, 39]);
});

scene('every byte comes through the shell', (folder, write) => {
  const all = Array.from({ length: 0x2fff }, (_, index) => index + 1).filter((code) => code < 0xd800);
  const content = String.fromCodePoint(...all);
  write(text('all', content));
  assert.equal(readFileSync(join(folder, 'all'), 'utf8'), content);
});

scene('paths are taken as they are', (folder, write) => {
  const paths = ['-rf', 'a b', "it's", '$HOME', '*', 'deep/down/x', 'deep/y', '.hidden', '[a]', '~'];
  write(...paths.map((path) => text(path, path)));
  for (const path of paths) assert.equal(readFileSync(join(folder, path), 'utf8'), path);
  assert.deepEqual(
    readdirSync(folder)
      .filter((name) => !name.startsWith('..'))
      .sort(),
    ['$HOME', '*', '-rf', '.hidden', '[a]', 'a b', 'deep', "it's", '~'].sort(),
  );
});

scene('modes are those of the files, and folders can be entered by all', (folder, write) => {
  write(text('a', '', 0o400), text('in/b', '', 0o755), text('in/c', '', 0));
  const mode = (path: string) => (statSync(join(folder, path)).mode & 0o7777).toString(8);
  assert.deepEqual(['a', 'in/b', 'in/c', 'in', '..data', '.'].map(mode), [
    '400',
    '755',
    '0',
    '755',
    '755',
    '777',
  ]);
});

scene('what is seen are links through one that is renamed', (folder, write) => {
  write(text('a', 'one'), text('in/b', 'one'));
  const before = readlinkSync(join(folder, '..data'));
  assert.match(before, /^\.\.[0-9a-f]{16}$/);
  assert.equal(readlinkSync(join(folder, 'a')), '..data/a');
  assert.equal(readlinkSync(join(folder, 'in')), '..data/in');
  write(text('a', 'two'), text('c', 'two'));
  const after = readlinkSync(join(folder, '..data'));
  assert.notEqual(after, before);
  assert.deepEqual(readdirSync(folder).sort(), ['..data', after, 'a', 'c'].sort());
});

scene('what is there already is left as it is', (folder, write) => {
  write(text('a', 'one'));
  const { ino } = statSync(join(folder, 'a'));
  write(text('a', 'one'));
  assert.equal(statSync(join(folder, 'a')).ino, ino);
  assert.ok(lstatSync(join(folder, 'a')).isSymbolicLink());
});

scene('half of what an earlier run has written is in nobody’s way', (folder, write) => {
  write(text('a', 'one'), text('gone', 'one'));
  const old = readlinkSync(join(folder, '..data'));
  write(text('a', 'two'), text('new', 'two'));
  const next = readlinkSync(join(folder, '..data'));
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  write(text('a', 'one'), text('gone', 'one'));
  mkdirSync(join(folder, next));
  writeFileSync(join(folder, next, 'a'), 'tw');
  writeFileSync(join(folder, '..data_tmp'), '');
  mkdirSync(join(folder, 'new'));
  assert.equal(readlinkSync(join(folder, '..data')), old);
  write(text('a', 'two'), text('new', 'two'));
  assert.equal(readFileSync(join(folder, 'a'), 'utf8'), 'two');
  assert.equal(readFileSync(join(folder, 'new'), 'utf8'), 'two');
  assert.deepEqual(readdirSync(folder).sort(), ['..data', next, 'a', 'new'].sort());
});

scene('folders that others are mounted on stay when the files change', (folder, write, writeWith) => {
  const mode = (path: string) => (lstatSync(join(folder, path)).mode & 0o7777).toString(8);
  const points = ['more', "it's/deep"];
  write(text('a', 'one'), text('more', 'one'));
  writeWith(points, text('a', 'one'), text('more', 'one'));
  const { ino } = lstatSync(join(folder, 'more'));
  assert.deepEqual(['more', "it's", "it's/deep"].map(mode), ['755', '755', '755']);
  // What is mounted in a container is not seen here, but for what a container writes while it is not mounted.
  writeFileSync(join(folder, 'more', 'kept'), '');
  writeWith(points, text('a', 'two'), text("it's/hidden", 'two'));
  assert.equal(lstatSync(join(folder, 'more')).ino, ino);
  assert.deepEqual(readdirSync(join(folder, 'more')), ['kept']);
  assert.deepEqual(readdirSync(join(folder, "it's")), ['deep']);
  assert.equal(readFileSync(join(folder, 'a'), 'utf8'), 'two');
  write(text('a', 'three'));
  assert.ok(lstatSync(join(folder, 'more')).isDirectory());
  write(text('more', 'four'));
  assert.equal(readFileSync(join(folder, 'more'), 'utf8'), 'four');
});

scene('no files are an empty folder', (folder, write) => {
  write(text('a', 'one'));
  write();
  assert.deepEqual(
    readdirSync(folder).filter((name) => !name.startsWith('..')),
    [],
  );
  assert.deepEqual(readdirSync(join(folder, '..data')), []);
});

void test('a secret is neither in the arguments nor in what is printed', () => {
  const command = commandFor([secret('tls.key', 2), text('END', 'END')]);
  const line = shellLine(command);
  assert.doesNotMatch(JSON.stringify(command) + line, /it's|aXQncyAkSE9NRQ/);
  assert.match(
    line,
    /^podman unshare sh -s -- "\$\(.*\)" "\$\{SECRET_WEB_CONFIG_TLS_KEY:\?a file with the value\}" <<'END'\n/,
  );
  assert.match(line, /^cat -- "\$\{2\}" >"\$d"\/tls\.key$/m);
  assert.match(line, /\nEND$/);
});

void test('the end of a printed script is a word that is not in it', () => {
  const line = shellLine(commandFor([text('a', '\nEND\nEND_\n')]));
  assert.match(line, /<<'END__'\n/);
  assert.equal(spawnSync('sh', ['-n'], { input: `${line}\n`, encoding: 'utf8' }).stderr, '');
});
