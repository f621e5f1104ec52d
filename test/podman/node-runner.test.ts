import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { podmanNotStarted } from '../../src/podman/errors.ts';
import { nodeRunner } from '../../src/platform/node/process-runner.ts';

test('a command that is too long is reported as such, without advice to install podman', async () => {
  const { query, execute, start } = nodeRunner({ env: process.env });
  const args = ['-c', ':', 'x'.repeat(131_072)];
  const ignore = () => undefined;
  const ends = [query('sh', args), execute('sh', args, ignore).end, start('sh', args, ignore).end];
  for (const end of await Promise.all(ends)) {
    assert.equal(end.kind, 'not-started');
    assert.equal(end.reason, 'too-long');
    const { message, help } = podmanNotStarted('podman', end.reason, end.message, 'cannot start web');
    assert.match(
      message,
      /^cannot start web: the podman command is too long: Linux allows 128 KiB for one argument/,
    );
    assert.doesNotMatch(help ?? '', /nstall/);
  }
});

test('a cancelled query ends even if child processes hold its pipes', async () => {
  const { query } = nodeRunner({ env: process.env });
  const cancel = new AbortController();
  const directory = mkdtempSync(join(tmpdir(), 'podpose-runner-'));
  const file = join(directory, 'pids');
  // Like a script that runs the podman of a host.
  const script = `sleep 5 & echo $! >'${file}'; wait`;
  const asked = query('sh', ['-c', script], cancel.signal);
  const begun = performance.now();
  while (!existsSync(file) || readFileSync(file, 'utf8') === '') await sleep(20);
  cancel.abort();
  assert.equal((await asked).kind, 'signalled');
  assert.ok(performance.now() - begun < 4000);
  rmSync(directory, { recursive: true });
});

test('start passes on each line at once, and returns the end of the program', async () => {
  const { start } = nodeRunner({ env: process.env });
  const lines: string[] = [];
  const script = 'cat; echo two >&2; seq 1 20000; printf last; exit 3';
  const { end } = start(
    'sh',
    ['-c', script],
    (line, stream) => lines.push(`${stream} ${line}`),
    Buffer.from('one\n'),
  );
  assert.deepEqual(await end, { kind: 'exited', exitCode: 3 });
  assert.ok(lines.includes('stderr two'));
  const printed = lines.filter((line) => line.startsWith('stdout'));
  assert.deepEqual([printed.length, printed[0], printed.at(-1)], [20_002, 'stdout one', 'stdout last']);
  const missing = await start('no-such-program', [], () => undefined).end;
  assert.equal(missing.kind === 'not-started' && missing.reason, 'not-found');
});

test('a program started by execute continues when podpose is killed, even if it prints', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'podpose-runner-'));
  const done = join(directory, 'done');
  const begun = join(directory, 'begun');
  // A shell killed by a broken pipe would not reach its last command.
  const script = `echo here; : >${begun}; sleep 0.5; seq 1 50000; seq 1 50000 >&2; echo all >${done}.new; mv ${done}.new ${done}`;
  const runner = new URL('../../src/platform/node/process-runner.ts', import.meta.url).href;
  const program = `const { nodeRunner } = await import(${JSON.stringify(runner)});
nodeRunner({ env: process.env }).execute('sh', ['-c', ${JSON.stringify(script)}], () => undefined);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
    stdio: 'ignore',
  });
  await untilThere(begun);
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.equal((await untilThere(done)).trim(), 'all');
  rmSync(directory, { recursive: true });
});

test('the input of a program is complete, even if podpose is killed at once', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'podpose-runner-'));
  const done = join(directory, 'done');
  const runner = new URL('../../src/platform/node/process-runner.ts', import.meta.url).href;
  const script = `sleep 0.3; wc -c >${done}.new; mv ${done}.new ${done}`;
  // More than the capacity of a pipe, for a program that reads late.
  const program = `const { nodeRunner } = await import(${JSON.stringify(runner)});
nodeRunner({ env: process.env }).execute('sh', ['-c', ${JSON.stringify(script)}], () => undefined, Buffer.alloc(300_000, 'x'));
process.kill(process.pid, 'SIGKILL');`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
    stdio: 'ignore',
  });
  await once(child, 'exit');
  assert.equal((await untilThere(done)).trim(), '300000');
  rmSync(directory, { recursive: true });
});

/** The text of a file, once it is there: a program that writes it gives it its name when it is whole. */
async function untilThere(file: string): Promise<string> {
  for (let attempt = 0; attempt < 600; attempt++)
    try {
      return readFileSync(file, 'utf8');
    } catch {
      await sleep(50);
    }
  throw new Error(`there is no ${file}`);
}

test('a command with endless output is killed, and its output is discarded', async () => {
  const { execute } = nodeRunner({ env: process.env });
  const lines: string[] = [];
  const { end } = execute('yes', ['x'.repeat(1000)], (line) => lines.push(line));
  assert.equal((await end).kind, 'signalled');
  assert.deepEqual(lines, ['Error: the output is longer than 24 MiB']);
  const before = process.memoryUsage().rss;
  await execute('head', ['-c', '60000000', '/dev/zero'], (line) => lines.push(line)).end;
  assert.deepEqual(lines.slice(1), ['Error: the output is longer than 24 MiB']);
  assert.ok(process.memoryUsage().rss - before < 50e6);
});
