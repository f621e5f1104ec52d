import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { largerSize, SHAPES } from '../../bench/shapes.ts';
import { MAX_SOURCE_BYTES } from '../../src/manifest/source-text.ts';
import { pod } from './support.ts';

/*
 * A stranger's file costs a few seconds and less memory than there is, whatever is in it; and nothing that is no file is read.
 */

const PODPOSE = join(import.meta.dirname, '../../dist/podpose.js');
const MEGABYTES = 300;

interface Spent {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Seconds of the processor. */
  readonly seconds: number;
  /** Of memory, at the peak. */
  readonly megabytes: number;
}

/** Runs podpose, and has it tell what it has used. */
function spend(
  directory: string,
  args: readonly string[],
  options: { readonly shell?: string } = {},
): Promise<Spent> {
  const report = join(directory, `spent-${Math.random()}`);
  const told = join(directory, 'tell.cjs');
  writeFileSync(
    told,
    `process.on('exit', () => require('fs').writeFileSync(process.env.SPENT, JSON.stringify(process.resourceUsage())))`,
  );
  const command = [process.execPath, '--require', told, PODPOSE, ...args];
  // Until a program is loaded its process has the memory of the one that it was made from, which counts: of a small one.
  const shell = `${options.shell ?? '"$0" "$@"'}; exit $?`;
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', shell, ...command], {
      cwd: directory,
      env: { PATH: process.env['PATH'], HOME: directory, SPENT: report },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => (said[name] += text));
    const late = setTimeout(() => child.kill('SIGKILL'), 60_000);
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(late);
      const usage = JSON.parse(readFileSync(report, 'utf8')) as { userCPUTime: number; maxRSS: number };
      resolve({ code, ...said, seconds: usage.userCPUTime / 1e6, megabytes: usage.maxRSS / 1024 });
    });
  });
}

function directoryOf(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'podpose-hostile-'));
  t.after(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  return directory;
}

function many(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join('\n');
}

for (const [what, shape] of Object.entries(SHAPES)) {
  void test(`twice the ${what} take at most 2.5 times as long`, async (t) => {
    const directory = directoryOf(t);
    const spent = async (size: number) => {
      writeFileSync(join(directory, `${size}.yaml`), shape(size));
      const ended = await spend(directory, ['validate', `${size}.yaml`]);
      assert.ok(ended.code === 0 || ended.code === 2, ended.stderr.slice(0, 2000));
      assert.doesNotMatch(ended.stderr, /bug in podpose|yaml-too-many-values/);
      assert.ok((ended.stderr.match(/: error:/g)?.length ?? 0) <= 100);
      assert.ok(ended.megabytes < MEGABYTES, `${ended.megabytes} MB`);
      return ended.seconds;
    };
    const size = largerSize(what);
    // What else runs on the machine only makes a run longer: the shorter of two counts.
    const halves = [await spent(size / 2)];
    const wholes = [await spent(size)];
    // A tenth of a second is what the smallest file takes.
    const isLinear = () => Math.min(...wholes) <= 2.5 * Math.max(Math.min(...halves), 0.1);
    if (!isLinear()) {
      halves.push(await spent(size / 2));
      wholes.push(await spent(size));
    }
    assert.ok(isLinear(), `${halves.join(' and ')} s, then ${wholes.join(' and ')} s`);
  });

  void test(`three MiB of ${what} take less than ${MEGABYTES} MB`, async (t) => {
    const directory = directoryOf(t);
    const some = 1000;
    const size = Math.floor((some * MAX_SOURCE_BYTES * 0.8) / shape(some).length);
    writeFileSync(join(directory, 'pod.yaml'), shape(size).slice(0, MAX_SOURCE_BYTES));
    const ended = await spend(directory, ['validate', 'pod.yaml']);
    assert.equal(ended.code, 2, ended.stderr.slice(0, 2000));
    assert.ok(ended.megabytes < MEGABYTES, `${ended.megabytes} MB`);
  });
}

void test('lists without values, and errors in every character, take less, too', async (t) => {
  const directory = directoryOf(t);
  for (const [index, unit] of [',', '{},', '- \n', '\n', '#\n', '---\n', '? ', '\tx: y\n'].entries()) {
    const name = `${index}.yaml`;
    writeFileSync(join(directory, name), `x: [\n${unit.repeat(3_000_000 / unit.length)}`);
    const ended = await spend(directory, ['validate', name]);
    assert.ok(ended.megabytes < MEGABYTES, `${JSON.stringify(unit)}: ${ended.megabytes} MB`);
  }
});

void test('doubling variables are refused at the first that is too long', async (t) => {
  const directory = directoryOf(t);
  const doubled = many(60, (i) => `    - {name: A${i + 1}, value: '$(A${i})$(A${i})'}`);
  const env = `    env:\n    - {name: A0, value: xxxxxxxxxx}\n${doubled}`;
  writeFileSync(
    join(directory, 'pod.yaml'),
    pod('web', `  containers:\n  - name: app\n    image: x\n${env}`),
  );
  const ended = await spend(directory, ['validate']);
  assert.equal(ended.code, 2, ended.stderr);
  assert.match(
    ended.stderr,
    /^pod\.yaml:24:\d+: error \(podpose\): spec\.containers\[0\]\.env\[14\]\.value: .*'A14' exceeds the Linux limit of 131072 bytes/m,
  );
  assert.match(ended.stderr, /^1 error in 1 file/m);
  assert.ok(ended.megabytes < 150);
});

void test('small texts of many containers stay within the memory limit', async (t) => {
  const directory = directoryOf(t);
  const doubled = many(13, (i) => `    - {name: A${i + 1}, value: '$(A${i})$(A${i})'}`);
  const container = (i: number) =>
    `  - name: c${i}\n    image: x\n    env:\n    - {name: A0, value: xxxxxxxxxx}\n${doubled}`;
  writeFileSync(join(directory, 'pod.yaml'), pod('web', `  containers:\n${many(1000, container)}`));
  const ended = await spend(directory, ['validate']);
  assert.equal(ended.code, 2, ended.stderr.slice(0, 1000));
  assert.match(ended.stderr, /more than 33554432 characters \(32 MiB\)/);
  assert.ok(ended.megabytes < MEGABYTES, `${ended.megabytes} MB`);
});

void test('at most three MiB and a byte of a file are read', async (t) => {
  const directory = directoryOf(t);
  writeFileSync(join(directory, 'large.yaml'), '');
  truncateSync(join(directory, 'large.yaml'), 200 * 1024 * 1024);
  for (const [args, shell] of [
    [['validate', 'large.yaml'], undefined],
    [['validate', '-'], 'yes | "$0" "$@"'],
    [['validate', '-'], '"$0" "$@" </dev/zero'],
    [['validate'], '"$0" "$@" <(yes)'],
  ] as const) {
    const ended = await spend(directory, args, shell === undefined ? {} : { shell });
    assert.equal(ended.code, 2, ended.stderr);
    assert.match(
      ended.stderr,
      /:1:1: error: the file is larger than the Kubernetes limit of 3145728 bytes \(3 MiB\)/,
    );
    assert.ok(ended.megabytes < 150, `${ended.megabytes} MB for ${shell ?? 'a file'}`);
  }
  const piped = await spend(directory, ['validate'], {
    shell: `"$0" "$@" <(echo '${JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } })}')`,
  });
  assert.equal(piped.code, 0, piped.stderr);
});

void test('only regular files are read, in a directory or by name', async (t) => {
  const directory = directoryOf(t);
  mkdirSync(join(directory, 'links'));
  symlinkSync('/dev/zero', join(directory, 'links', 'a.yaml'));
  const pipe = await spend(directory, ['validate', 'pipe.yaml'], { shell: 'mkfifo pipe.yaml && "$0" "$@"' });
  assert.match(pipe.stderr, /^error: pipe\.yaml: not a regular file, but a pipe/m);
  for (const name of ['links', 'links/a.yaml', '/dev/zero']) {
    const ended = await spend(directory, ['validate', name]);
    assert.equal(ended.code, 2);
    assert.match(ended.stderr, /^error: \S+: not a regular file, but a character device/m);
    assert.ok(ended.megabytes < 150);
  }
});
