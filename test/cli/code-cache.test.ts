import assert from 'node:assert/strict';
import {
  chmodSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { run } from '../e2e/support/program.ts';
import { assertRefused, pod } from './support.ts';

const PODPOSE = join(import.meta.dirname, '../../dist/podpose.js');

/** A home with a manifest in it, and podpose as it is bundled, on a node that keeps no compiled code itself: before 22.1. */
function home(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'podpose-home-'));
  t.after(() => {
    rmSync(directory, { recursive: true });
  });
  writeFileSync(join(directory, 'pod.yaml'), pod('web', '  containers: [{ name: app, image: app:1 }]'));
  const code = join(directory, '.cache/podpose/code');
  const before22 = join(directory, 'before-22.cjs');
  writeFileSync(before22, "delete require('node:module').enableCompileCache;\n");
  return {
    directory,
    code,
    validate: async (env: NodeJS.ProcessEnv = {}) => {
      const ended = await run(process.execPath, ['--require', before22, PODPOSE, 'validate'], {
        cwd: directory,
        env: { PATH: process.env['PATH'], HOME: directory, ...env },
      });
      assert.deepEqual([ended.code, ended.stdout], [0, '1 file valid (1 pod).\n'], ended.story);
    },
    /** The files of compiled code, and when each was written. */
    kept: () => new Map(readdirSync(code).map((name) => [name, statSync(join(code, name)).mtimeMs] as const)),
  };
}

void test('compiled code is cached and used by the next run', async (t) => {
  const { code, validate, kept } = home(t);
  await validate();
  const first = kept();
  assert.deepEqual(
    [...first.keys()].map((name) => name.replace(/-[0-9a-f]{16}-/, '-').replace(/-v\d.*/, '')),
    ['core-validate', 'start-validate'],
  );
  for (const name of first.keys()) assert.equal(statSync(join(code, name)).mode & 0o777, 0o600);
  await validate();
  assert.deepEqual(kept(), first);
});

/** The bytes of the block with this byte: what a file loses as a whole. */
function blockAround(at: number): readonly [number, number] {
  const start = at - (at % 4096);
  return [start, start + 4096];
}

void test('compiled code that was cut off is replaced', async (t) => {
  const { code, validate, kept } = home(t);
  await validate();
  const names = [...kept().keys()];
  const sizes = names.map((name) => statSync(join(code, name)).size);
  for (const [index, name] of names.entries())
    truncateSync(join(code, name), index === 0 ? 40 : (sizes[index] ?? 0) - 4096);
  await validate();
  for (const [index, name] of names.entries())
    assert.ok(statSync(join(code, name)).size > (sizes[index] ?? 0) / 2, name);
  const mended = kept();
  await validate();
  assert.deepEqual(kept(), mended);
});

void test('damaged compiled code is replaced', async (t) => {
  const { code, validate, kept } = home(t);
  await validate();
  const names = [...kept().keys()];
  const bytes = (name: string) => readFileSync(join(code, name));
  const before = names.map(bytes);
  for (const [index, name] of names.entries()) {
    const damaged = bytes(name);
    if (index === 0) damaged.fill(0, ...blockAround(damaged.length >> 1));
    else damaged.fill(255, ...blockAround(0));
    writeFileSync(join(code, name), damaged);
  }
  await validate();
  for (const [index, name] of names.entries())
    assert.equal(bytes(name).length > 100, (before[index]?.length ?? 0) > 100, name);
  const mended = kept();
  await validate();
  assert.deepEqual(kept(), mended);
});

/** As podpose names what it keeps. */
const KEPT = [
  'run-0123456789abcdef-validate-v20.1.0-x64',
  'lazy-ABCD_2-0123456789abcdef-up-v22.0.0-arm64.4711',
];
const OTHERS = [
  'thesis.txt',
  'run',
  'x-0123456789abcdef-validate-v20.1.0-x64.bak',
  'lazy-0123456789ABCDEF-up-v20.1.0-x64',
];

function makeOld(code: string, names: readonly string[]): void {
  for (const name of names) {
    writeFileSync(join(code, name), '');
    utimesSync(join(code, name), 0, 0);
  }
}

void test('files of podpose unused for a month are removed', async (t) => {
  const { code, validate, kept } = home(t);
  mkdirSync(code, { recursive: true, mode: 0o700 });
  makeOld(code, [...KEPT, ...OTHERS]);
  const young = 'run-0123456789abcdee-validate-v20.1.0-x64';
  writeFileSync(join(code, young), '');
  const link = 'run-0123456789abcdff-validate-v20.1.0-x64';
  symlinkSync(join(code, 'thesis.txt'), join(code, link));
  lutimesSync(join(code, link), 0, 0);
  await validate();
  assert.deepEqual(
    [...KEPT, ...OTHERS, young, link].filter((name) => kept().has(name)),
    [...OTHERS, young, link],
  );
});

void test('a directory that is a link, or writable by others, is not used', async (t) => {
  for (const lay of [
    (code: string, elsewhere: string) => {
      symlinkSync(elsewhere, code);
    },
    (code: string, elsewhere: string) => {
      rmSync(join(code, '..'), { recursive: true });
      mkdirSync(join(elsewhere, 'code'));
      symlinkSync(elsewhere, join(code, '..'));
    },
    (code: string) => {
      mkdirSync(code);
      chmodSync(code, 0o777);
    },
    (code: string) => {
      mkdirSync(code);
      chmodSync(join(code, '..'), 0o775);
    },
  ]) {
    const { directory, code, validate, kept } = home(t);
    const elsewhere = join(directory, 'elsewhere');
    mkdirSync(elsewhere);
    mkdirSync(join(code, '..'), { recursive: true, mode: 0o700 });
    lay(code, elsewhere);
    makeOld(code, [...KEPT, ...OTHERS]);
    const before = kept();
    await validate();
    assert.deepEqual(kept(), before);
  }
});

void test('links in the cache are neither followed nor overwritten', async (t) => {
  const { directory, code, validate, kept } = home(t);
  await validate();
  const [name = ''] = kept().keys();
  const aside = join(directory, 'aside');
  renameSync(join(code, name), aside);
  symlinkSync(aside, join(code, name));
  utimesSync(aside, 0, 0);
  await validate();
  assert.equal(statSync(aside).mtimeMs, 0);
  assert.ok(lstatSync(join(code, name)).isFile());
});

void test('podpose works without a cache', async (t) => {
  const { directory, validate } = home(t);
  await validate({ NODE_DISABLE_COMPILE_CACHE: '1' });
  await validate({ HOME: undefined });
  assert.deepEqual(readdirSync(directory), ['before-22.cjs', 'pod.yaml']);
  writeFileSync(join(directory, '.cache'), 'a file');
  await validate();
  await validate({ XDG_CACHE_HOME: '/proc/nowhere' });
  chmodSync(join(directory, '.cache'), 0o000);
  await validate();
});

void test('a limit of open files is reported', async (t) => {
  const { directory } = home(t);
  // With 17 node does not come up itself.
  for (const limit of [19, 20, 22, 24]) {
    const limited = ['-c', `ulimit -n ${limit}; exec "$0" "$@"`, process.execPath, PODPOSE, 'up', '-d'];
    const env = {
      PATH: process.env['PATH'],
      HOME: directory,
      XDG_RUNTIME_DIR: directory,
      PODPOSE_PODMAN: '/bin/false',
    };
    const ended = await run('/bin/sh', limited, { cwd: directory, env });
    assertRefused(ended, 1, limit < 22 ? 'too many open files' : '', limit < 22 ? 'ulimit -n 1024' : '');
  }
});
