import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { story, until, type Desk } from './support.ts';

const MIB = 1024 * 1024;
const ID = 'c0ffee'.padEnd(64, '0');
const LABELS = JSON.stringify({
  'podpose.project': 'flood',
  'podpose.pod': 'flood',
  'podpose.role': 'container',
  'podpose.container': 'c',
});

/** A podman that has one container, and for whose log it says where it is; without a file it prints without end. */
function floodedPodman(desk: Desk, log: { readonly file?: string; readonly prints?: string }): string {
  const container = `"Id":"${ID}","Names":["flood-c"],"State":"exited","Labels":${LABELS},"Pod":"p","PodName":"flood"`;
  const inspected = JSON.stringify([
    {
      Id: ID,
      Name: 'flood-c',
      StaticDir: desk.directory,
      State: { Status: 'exited', Pid: 0, ExitCode: 0 },
      HostConfig: { LogConfig: { Type: 'k8s-file', Path: log.file ?? '' }, RestartPolicy: { Name: 'no' } },
    },
  ]);
  const program = desk.file(
    'podman-of-flood',
    `#!/bin/sh
case "$1 $2" in
  'ps --all') echo '[{${container}}]' ;;
  'container inspect') echo '${inspected}' ;;
  logs*) ${log.prints ?? 'exit 1'} ;;
  *) echo 'podman version 5.4.2' ;;
esac
`,
  );
  chmodSync(program, 0o755);
  return program;
}

/** Starts podpose so that the most memory that it has had is known at its end, however it ends by itself. */
function startMeasured(desk: Desk, args: readonly string[], podman: string): ChildProcess {
  const hook = desk.file(
    'peak.cjs',
    `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(join(desk.directory, 'peak'))}, require('node:fs').readFileSync('/proc/self/status')));`,
  );
  return spawn(process.execPath, ['--require', hook, desk.program, ...args], {
    cwd: desk.directory,
    env: { ...desk.env, PODPOSE_PODMAN: podman },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** The most memory in bytes that a process has had, of what the system says of it. */
function peakOf(path: string): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(path, 'utf8'))?.[1]) * 1024;
}

/** Of a podpose whose output nobody reads: it comes to rest, and its peak is known. */
async function peakUnread(child: ChildProcess): Promise<number> {
  try {
    let [before, since] = [0, Date.now()];
    return await until('it reads no further', () => {
      const peak = peakOf(`/proc/${child.pid}/status`);
      if (peak > before + MIB) [before, since] = [peak, Date.now()];
      return Date.now() - since > 1500 && peak;
    });
  } finally {
    await endNow(child);
  }
}

async function endNow(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGKILL');
  child.stdout?.destroy();
  child.stderr?.destroy();
  await ended;
}

function assertAtMost(bytes: number, mebibytes: number): void {
  assert.ok(bytes <= mebibytes * MIB, `${Math.round(bytes / MIB)} MiB, and not ${mebibytes} at most`);
}

function writeLog(desk: Desk, records: Iterable<string>): string {
  const path = join(desk.directory, 'ctr.log');
  const file = openSync(path, 'w');
  for (const text of records) writeSync(file, text);
  closeSync(file);
  return path;
}

const STAMP = '2026-01-02T03:04:05.000000001+00:00';

story('logs of 190 MB wait for a slow reader', {}, async (desk) => {
  const lines = Array.from(
    { length: 10_000 },
    (_, index) => `${STAMP} stdout F ${index} ${'x'.repeat(50)}\n`,
  ).join('');
  const file = writeLog(
    desk,
    (function* () {
      for (let i = 0; i < 190_000_000; i += lines.length) yield lines;
    })(),
  );
  const podman = floodedPodman(desk, { file });
  assertAtMost(await peakUnread(startMeasured(desk, ['logs', '-p', 'flood'], podman)), 150);
});

for (const [what, prints] of [
  ['lines', `exec yes '${STAMP} and on'`],
  ['a line', `printf '${STAMP} '; exec tr '\\0' x </dev/zero`],
] as const)
  story(`a podman that endlessly prints ${what} waits for the reader`, {}, async (desk) => {
    const podman = floodedPodman(desk, { prints });
    const child = startMeasured(desk, ['logs', '-p', 'flood'], podman);
    assertAtMost(await peakUnread(child), 150);
  });

story('endless output that is not a log takes no memory', {}, async (desk) => {
  const podman = floodedPodman(desk, { prints: `exec tr '\\0' x </dev/zero` });
  const child = startMeasured(desk, ['logs', '-p', 'flood'], podman);
  await sleep(3000);
  const peak = peakOf(`/proc/${child.pid}/status`);
  await endNow(child);
  assertAtMost(peak, 150);
});

story('an endless answer to a query is refused', {}, async (desk) => {
  const podman = desk.file('endless', '#!/bin/sh\nexec yes "[{}]"\n');
  chmodSync(podman, 0o755);
  const child = startMeasured(desk, ['ps'], podman);
  child.stdout?.resume();
  child.stderr?.resume();
  const code = await new Promise((resolve) => child.once('close', resolve));
  assert.equal(code, 1);
  assertAtMost(peakOf(join(desk.directory, 'peak')), 150);
});

story('a line of 50 MB is complete', {}, async (desk) => {
  const part = `${STAMP} stdout P ${'y'.repeat(8192)}\n`;
  const file = writeLog(
    desk,
    (function* () {
      for (let i = 0; i < 50_000_000; i += 8192) yield part;
      yield `${STAMP} stdout F end\n${STAMP} stdout F next\n`;
    })(),
  );
  const child = startMeasured(desk, ['logs', '-p', 'flood', '--no-prefix'], floodedPodman(desk, { file }));
  let size = 0;
  let end = '';
  const ended = new Promise((resolve) => child.once('close', resolve));
  for await (const chunk of child.stdout ?? []) {
    // Slower than podpose could be.
    if (size % 1000 === 0) await sleep(1);
    size += (chunk as Buffer).length;
    end = `${end}${(chunk as Buffer).toString('latin1')}`.slice(-20);
  }
  assert.equal(await ended, 0);
  assert.equal(size, Math.ceil(50_000_000 / 8192) * 8192 + 'end\nnext\n'.length);
  assert.equal(end, `${'y'.repeat(11)}end\nnext\n`);
  assertAtMost(peakOf(join(desk.directory, 'peak')), 250);
});
