import assert from 'node:assert/strict';
import { test } from 'node:test';
import { podmanNotStarted } from '../../src/podman/errors.ts';
import { nodeRunner } from '../../src/platform/node/process-runner.ts';

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
