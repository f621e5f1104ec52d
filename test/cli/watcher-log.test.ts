import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { nodeBackground } from '../../src/platform/node/background.ts';

test('the log of a process in the background stays below its limit, and keeps the last lines', async (t) => {
  const runtime = mkdtempSync(join(tmpdir(), 'podpose-log-'));
  t.after(() => {
    rmSync(runtime, { recursive: true });
  });
  const directory = join(runtime, 'podpose');
  mkdirSync(directory, { mode: 0o700 });
  const module = import.meta.resolve('../../src/platform/node/background.ts');
  const script = `import { nodeBackground } from '${module}';
    const background = nodeBackground({ XDG_RUNTIME_DIR: '${runtime}' });
    for (let line = 0; line < 500; line++) {
      process.stderr.write('line ' + line + '\\n');
      background.limitLog('demo.watcher', 1000);
    }`;
  const log = join(directory, 'demo.watcher.log');
  const output = openSync(log, 'a', 0o600);
  const args = ['--import', 'tsx', '--input-type=module', '-e', script];
  const { status } = spawnSync(process.execPath, args, { stdio: ['ignore', 'ignore', output] });
  assert.equal(status, 0, readFileSync(log, 'utf8'));
  assert.ok(statSync(log).size + statSync(`${log}.1`).size < 1000);
  const kept = (await nodeBackground({ XDG_RUNTIME_DIR: runtime }).readLog('demo.watcher')) ?? '';
  const lines = kept.trim().split('\n');
  assert.equal(lines.at(-1), 'line 499');
  assert.deepEqual(
    lines,
    Array.from({ length: lines.length }, (_, index) => `line ${500 - lines.length + index}`),
  );
});
