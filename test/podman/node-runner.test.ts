import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { podmanNotStarted } from '../../src/podman/errors.ts';
import { nodeRunner } from '../../src/podman/node-runner.ts';

test('a command that is too long is told as that, and podman is not to be installed', async () => {
  const { query, execute, start } = nodeRunner({ env: process.env });
  const args = ['-c', ':', 'x'.repeat(131_072)];
  const ignore = () => undefined;
  const ends = [query('sh', args), execute('sh', args, ignore).end, start('sh', args, ignore).end];
  for (const end of await Promise.all(ends)) {
    assert.equal(end.kind, 'not-started');
    assert.equal(end.reason, 'too-long');
    const { message, help } = podmanNotStarted('podman', end.reason, end.message, 'cannot start web');
    assert.match(message, /^cannot start web: .* longer than Linux takes: 128 KiB for one argument/);
    assert.doesNotMatch(help ?? '', /nstall/);
  }
});

test('a question that is cancelled ends although what its program has started holds the pipes', async () => {
  const { query } = nodeRunner({ env: process.env });
  const cancel = new AbortController();
  const folder = mkdtempSync(join(tmpdir(), 'podpose-runner-'));
  const file = join(folder, 'pids');
  // As a script does that hands its arguments to the podman of a host.
  const script = `sleep 5 & echo $! >'${file}'; wait`;
  const asked = query('sh', ['-c', script], cancel.signal);
  const begun = performance.now();
  while (!existsSync(file) || readFileSync(file, 'utf8') === '') await sleep(20);
  cancel.abort();
  assert.equal((await asked).kind, 'signalled');
  assert.ok(performance.now() - begun < 4000);
  rmSync(folder, { recursive: true });
});
