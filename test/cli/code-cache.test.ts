import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { run } from '../e2e/support/program.ts';
import { pod } from './support.ts';

const PODPOSE = join(import.meta.dirname, '../../dist/podpose.js');

/** A home with a manifest in it, and podpose as it is bundled. */
function home(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'podpose-home-'));
  t.after(() => {
    rmSync(folder, { recursive: true });
  });
  writeFileSync(join(folder, 'pod.yaml'), pod('web', '  containers: [{ name: app, image: app:1 }]'));
  const code = join(folder, '.cache/podpose/code');
  return {
    folder,
    code,
    validate: async (env: NodeJS.ProcessEnv = {}) => {
      const ended = await run(process.execPath, [PODPOSE, 'validate'], {
        cwd: folder,
        env: { PATH: process.env['PATH'], HOME: folder, ...env },
      });
      assert.deepEqual([ended.code, ended.stdout], [0, '1 pod in 1 file: all is well.\n'], ended.story);
    },
    /** The files of compiled code, and when each was written. */
    kept: () => new Map(readdirSync(code).map((name) => [name, statSync(join(code, name)).mtimeMs] as const)),
  };
}

void test('what podpose was compiled to is kept, and used by the next run', async (t) => {
  const { code, validate, kept } = home(t);
  await validate();
  const first = kept();
  assert.ok([...first.keys()].some((name) => /^start-\w+-validate-v\d+\./.test(name)));
  assert.ok([...first.keys()].some((name) => name.startsWith('late-')));
  for (const name of first.keys()) assert.equal(statSync(join(code, name)).mode & 0o777, 0o600);
  await validate();
  assert.deepEqual(kept(), first);
});

void test('compiled code that was damaged is made anew', async (t) => {
  const { code, validate, kept } = home(t);
  await validate();
  const names = [...kept().keys()];
  const bytes = (name: string) => readFileSync(join(code, name));
  const before = names.map(bytes);
  for (const [index, name] of names.entries()) {
    const damaged = bytes(name);
    const at = [damaged.length >> 1, 5, damaged.length - 1][index % 3] ?? 0;
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    writeFileSync(join(code, name), index % 4 === 3 ? damaged.subarray(0, 40) : damaged);
  }
  await validate();
  for (const [index, name] of names.entries())
    assert.equal(bytes(name).length > 100, (before[index]?.length ?? 0) > 100, name);
  const mended = kept();
  await validate();
  assert.deepEqual(kept(), mended);
});

void test('what nobody has used for a month is removed', async (t) => {
  const { code, validate, kept } = home(t);
  mkdirSync(code, { recursive: true });
  writeFileSync(join(code, 'old'), '');
  writeFileSync(join(code, 'young'), '');
  utimesSync(join(code, 'old'), 0, 0);
  await validate();
  assert.deepEqual(
    ['old', 'young'].map((name) => kept().has(name)),
    [false, true],
  );
});

void test('podpose works where nothing can be kept', async (t) => {
  const { folder, validate } = home(t);
  await validate({ NODE_DISABLE_COMPILE_CACHE: '1' });
  await validate({ HOME: undefined });
  assert.deepEqual(readdirSync(folder), ['pod.yaml']);
  writeFileSync(join(folder, '.cache'), 'a file');
  await validate();
  await validate({ XDG_CACHE_HOME: '/proc/nowhere' });
  chmodSync(join(folder, '.cache'), 0o000);
  await validate();
});
