import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { build } from 'esbuild';
import { nodeLock } from '../../src/platform/node/lock.ts';
import { lockDirectoryPath } from '../../src/platform/node/lock-directory.ts';
import { buildOnce, COMMON } from '../fake-podman/build.ts';

const ABOUT = 'podpose up, process 7';
const user = process.geteuid?.() ?? 0;

/** A directory as a login makes one. */
function runtimeDirectory(t: TestContext, name = 'run'): { path: string; env: NodeJS.ProcessEnv } {
  const parent = mkdtempSync(join(tmpdir(), 'podpose-lock-'));
  t.after(() => {
    rmSync(parent, { recursive: true, force: true });
  });
  const path = join(parent, name);
  mkdirSync(path, { mode: 0o700 });
  return { path, env: { XDG_RUNTIME_DIR: path } };
}

async function take(env: NodeJS.ProcessEnv, name = 'hello') {
  const answer = await nodeLock(name, ABOUT, env);
  assert.ok(answer.ok, JSON.stringify(answer));
  return answer.value;
}

async function taken(env: NodeJS.ProcessEnv, name?: string): Promise<() => void> {
  const answer = await take(env, name);
  assert.ok(answer.kind === 'taken', JSON.stringify(answer));
  return answer.release;
}

/** A server that says something of its own at an address that looks like a lock. */
async function impostor(
  t: TestContext,
  directory: string,
  answer: (socket: Socket) => void,
): Promise<Server> {
  mkdirSync(directory, { mode: 0o700, recursive: true });
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    answer(socket);
  });
  await new Promise<void>((resolve) => server.listen(join(directory, 'hello.lock.0'), resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return server;
}

void test('a lock has one holder, and is removed when released', async (t) => {
  const { path, env } = runtimeDirectory(t);
  const release = await taken(env);
  assert.deepEqual(await take(env), { kind: 'busy', holder: ABOUT });
  (await taken(env, 'hello-2'))();
  release();
  (await taken(env))();
  assert.deepEqual(readdirSync(join(path, 'podpose')), []);
  assert.equal(statSync(join(path, 'podpose')).mode & 0o7777, 0o700);
});

void test('an abstract socket of another user does not block', async (t) => {
  const { env } = runtimeDirectory(t);
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(`\0podpose-${user}-hello`, resolve));
  t.after(() => other.close());
  (await taken(env))();
});

void test('the directory name may be longer than a socket address', async (t) => {
  const { env } = runtimeDirectory(t, 'long-'.repeat(40));
  const release = await taken(env);
  assert.deepEqual(await take(env), { kind: 'busy', holder: ABOUT });
  release();
});

void test('the text of the holder is shortened and sanitized', async (t) => {
  const { path, env } = runtimeDirectory(t);
  await impostor(t, join(path, 'podpose'), (socket) => {
    socket.end(`\x1b[2Jpodpose\r\nup\u0085 \u202e${'x'.repeat(10_000)}`);
  });
  const answer = await take(env);
  assert.ok(answer.kind === 'busy');
  assert.match(answer.holder, /^␛\[2Jpodpose␍␊up<U\+0085> <U\+202E>x+$/);
  assert.ok(Buffer.byteLength(answer.holder) <= 220, answer.holder);
});

void test('a slow, endless or silent holder is given one second', async (t) => {
  for (const answer of [
    () => undefined,
    (socket: Socket) => void setInterval(() => socket.writable && socket.write('.'), 100).unref(),
    (socket: Socket) => void setInterval(() => socket.writable && socket.write(''), 1).unref(),
    (socket: Socket) => {
      const flood = () => {
        while (socket.writable && socket.write('x'.repeat(100_000)));
      };
      socket.on('drain', flood);
      flood();
    },
  ]) {
    const { path, env } = runtimeDirectory(t);
    await impostor(t, join(path, 'podpose'), answer);
    const begin = performance.now();
    const { kind } = await take(env);
    assert.equal(kind, 'busy');
    assert.ok(performance.now() - begin < 5000);
  }
});

void test('without the variable the directory is that of the login, else one in /tmp', (t) => {
  const login = existsSync(`/run/user/${user}`) ? `/run/user/${user}/podpose` : `/tmp/podpose-${user}`;
  assert.equal(lockDirectoryPath({}), login);
  const { path } = runtimeDirectory(t);
  assert.equal(lockDirectoryPath({ XDG_RUNTIME_DIR: path }), join(path, 'podpose'));
  // None of these is a directory that is ours alone.
  const [file, link, open] = ['file', 'link', 'open'].map((name) => join(path, name));
  writeFileSync(file ?? '', '');
  symlinkSync(path, link ?? '');
  mkdirSync(open ?? '');
  chmodSync(open ?? '', 0o777);
  for (const wrong of [file, link, open, '/tmp', join(path, 'none'), 'relative', ''])
    assert.equal(lockDirectoryPath({ XDG_RUNTIME_DIR: wrong }), login, wrong);
});

void test('a lock directory writable by others is refused, and the message names it', async (t) => {
  const elsewhere = runtimeDirectory(t).path;
  for (const [make, words] of [
    [(path: string) => (symlinkSync(elsewhere, path), undefined), /podpose is a symbolic link$/],
    [(path: string) => (writeFileSync(path, ''), undefined), /podpose has the wrong file type$/],
    [
      (path: string) => (mkdirSync(path), chmodSync(path, 0o770), undefined),
      /writable by other users \(mode 0770\)$/,
    ],
  ] as const) {
    const { path, env } = runtimeDirectory(t);
    make(join(path, 'podpose'));
    const answer = await nodeLock('hello', ABOUT, env);
    assert.ok(!answer.ok);
    assert.match(answer.error[0]?.message ?? '', words);
    assert.match(answer.error[0]?.help ?? '', /XDG_RUNTIME_DIR/);
  }
  assert.deepEqual(readdirSync(elsewhere), []);
});

void test(
  'of many that take the lock over from killed ones, one has it at a time, and there is always a next',
  { timeout: 120_000 },
  async (t) => {
    const { path, env } = runtimeDirectory(t);
    const log = join(path, 'log');
    writeFileSync(log, '');
    const worker = await buildWorker();
    const workers = new Set<ChildProcess>();
    let isOver = false;
    const hire = () => {
      const child = spawn(process.execPath, [worker, log], {
        env: { ...process.env, ...env },
        stdio: 'inherit',
      });
      workers.add(child);
      child.once('exit', () => {
        workers.delete(child);
        if (!isOver) hire();
      });
    };
    try {
      for (let i = 0; i < 32; i++) hire();
      const takes = () => readFileSync(log, 'utf8').match(/^take/gm)?.length ?? 0;
      while (takes() < 200) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        // At whatever it is doing.
        [...workers][Math.floor(Math.random() * workers.size)]?.kill('SIGKILL');
      }
    } finally {
      isOver = true;
      const ends = [...workers].map((child) => new Promise((resolve) => child.once('exit', resolve)));
      for (const child of workers) child.kill('SIGKILL');
      await Promise.all(ends);
    }
    assert.doesNotMatch(readFileSync(log, 'utf8'), /BROKEN|FAILED/);
    // What the killed ones have left behind, the next one removes.
    (await taken(env, 'many'))();
    assert.deepEqual(readdirSync(join(path, 'podpose')), []);
  },
);

/** As one file it starts about as fast as node can. */
async function buildWorker(): Promise<string> {
  const source = join(import.meta.dirname, '../support/lock-worker.ts');
  const src = join(import.meta.dirname, '../../src/cli');
  const directory = await buildOnce('lock-worker', [dirname(source), src], async (outdir) => {
    await build({ ...COMMON, entryPoints: [source], outfile: join(outdir, 'worker.mjs'), format: 'esm' });
  });
  return join(directory, 'worker.mjs');
}
