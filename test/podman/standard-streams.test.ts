import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

const MODULE = new URL('../../src/platform/node/standard-streams.ts', import.meta.url).href;

/** Runs a script that has the streams in a shell command, as `"$0" ... "$1"`, and returns what the command prints. */
function printedBy(shell: (program: string) => string, script: string): string {
  const text = `
    import { standardStreams } from ${JSON.stringify(MODULE)};
    const streams = standardStreams({
      stdout: ({ code }) => { process.stderr.write('failed: ' + code); process.exit(0); },
      stderr: () => undefined,
    });
    ${script}`;
  const command = shell('"$0" --import tsx --input-type=module -e "$1"');
  return spawnSync('/bin/sh', ['-c', command, process.execPath, text], { encoding: 'utf8' }).stdout;
}

const LINES = 2000;

test('output that is longer than a pipe arrives whole and in order, and is flushed then', () => {
  const printed = printedBy(
    (program) => `${program} | (sleep 0.5; cat)`,
    `for (let line = 0; line < ${LINES}; line++) streams.stdout.write(line + ' ' + '-'.repeat(99) + '\\n');
     await streams.stdout.pour(Buffer.from('flushed: '));
     streams.stdout.write(String(streams.isFlushed()));`,
  );
  const lines = printed.split('\n');
  assert.deepEqual(
    lines.slice(0, LINES).map((line) => Number(line.split(' ')[0])),
    Array.from({ length: LINES }, (_, line) => line),
  );
  assert.equal(lines[LINES], 'flushed: true');
});

test('a write that fails is reported, short or long, and does not throw', () => {
  for (const bytes of [10, 100_000]) {
    const printed = printedBy(
      (program) => `{ ${program} 2>&3 | true; } 3>&1`,
      `setTimeout(() => streams.stdout.write('-'.repeat(${bytes})), 300);`,
    );
    assert.equal(printed, 'failed: EPIPE');
  }
});
