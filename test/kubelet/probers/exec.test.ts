import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { Probe } from '../../../src/kube/spec/probe.ts';
import { runHook } from '../../../src/kubelet/hooks.ts';
import { podmanExec, type ExecInContainer } from '../../../src/kubelet/probers/exec.ts';
import { createProber, type ProberContext } from '../../../src/kubelet/probers/prober.ts';
import { nodeRunner } from '../../../src/platform/node/process-runner.ts';
import { commandClient } from '../../../src/podman/client/client.ts';
import { context as noContainer, realClock } from './support.ts';

/** A podman whose containers are this machine. */
const PODMAN = `#!/bin/sh
case $1 in
exec)
  mark=$3 container=$4; shift 4
  case $container in
  slow) sleep 0.5 ;;
  ended) echo 'Error: can only create exec sessions on running containers: container state improper' >&2; exit 255 ;;
  esac
  command -v "$1" >/dev/null || {
    echo "Error: crun: executable file '$1' not found: OCI runtime attempted to invoke a command that was not found" >&2
    exit 127
  }
  env "$mark" "$@" ;;
unshare) shift; exec "$@" ;;
esac
`;

let tags = 0;

function machine(t: TestContext): ProberContext {
  const directory = mkdtempSync(join(tmpdir(), 'exec-'));
  t.after(() => {
    rmSync(directory, { recursive: true });
  });
  const podman = join(directory, 'podman');
  writeFileSync(podman, PODMAN);
  chmodSync(podman, 0o755);
  const client = commandClient(nodeRunner({ env: process.env }), podman);
  return { ...noContainer, exec: podmanExec(client, `test-${process.pid}-${tags++}`, realClock) };
}

function probeOf(command: readonly string[], timeoutSeconds = 5): Probe {
  return {
    exec: { command },
    initialDelaySeconds: 0,
    periodSeconds: 10,
    timeoutSeconds,
    successThreshold: 1,
    failureThreshold: 3,
  };
}

const never = new AbortController().signal;
const target = { container: 'web', podIP: '127.0.0.1' };

test('the exit code decides, and the output is the message', async (t) => {
  const probe = createProber(machine(t));
  const run = (...command: readonly string[]) => probe(probeOf(command), target, never);
  assert.deepEqual(await run('true'), { outcome: 'success', message: 'exit code 0' });
  assert.deepEqual(await run('sh', '-c', 'exit 3'), { outcome: 'failure', message: 'exit code 3' });
  assert.deepEqual(await run('sh', '-c', 'echo one; echo two >&2; echo three; exit 1'), {
    outcome: 'failure',
    message: 'one\ntwo\nthree',
  });
  assert.deepEqual(await run('sh', '-c', 'echo Error: none; exit 127'), {
    outcome: 'failure',
    message: 'Error: none',
  });
});

test('a command that podman cannot run is no result', async (t) => {
  const probe = createProber(machine(t));
  const missing = await probe(probeOf(['no-such-program']), target, never);
  assert.equal(missing.outcome, 'error');
  assert.match(missing.message, /no-such-program/);
  const ended = await probe(probeOf(['true']), { ...target, container: 'ended' }, never);
  assert.deepEqual(ended, {
    outcome: 'error',
    message: 'can only create exec sessions on running containers: container state improper',
  });
});

test('of endless output the beginning is kept', async (t) => {
  const probe = createProber(machine(t));
  const command = ['sh', '-c', 'head -c 30000000 /dev/zero | tr "\\0" x; exit 1'];
  const { outcome, message } = await probe(probeOf(command), target, never);
  assert.equal(outcome, 'failure');
  assert.equal(message.length, 10 * 1024);
});

test('a command over its time is killed, with what it has started', async (t) => {
  const probe = createProber(machine(t));
  const script = 'sleep 4711 & trap "" TERM; echo begun; sleep 4711; wait';
  const command = probeOf(['sh', '-c', script], 0.2);
  for (const round of [1, 2]) {
    const begun = performance.now();
    assert.deepEqual(await probe(command, target, never), {
      outcome: 'failure',
      message: 'command timed out',
    });
    assert.ok(performance.now() - begun < 5000);
    await gone('sleep\x004711');
    // podman exec has ended, too, and the command may be started again.
    await wait(50 * round);
  }
});

test(
  'a command that was not running yet at its time limit is killed when it is',
  { timeout: 10_000 },
  async (t) => {
    const { exec } = machine(t);
    const answer = await exec('slow', ['sleep', '4713'], AbortSignal.timeout(50));
    assert.equal(answer.kind, 'cancelled');
    await answer.over;
    assert.deepEqual(commandLines('sleep\x004713'), []);
  },
);

/** Waits until no process has this command line, NUL for spaces. */
async function gone(text: string): Promise<void> {
  for (let round = 0; commandLines(text).length > 0; round++) {
    assert.ok(round < 200, text);
    await wait(20);
  }
}

/** The command lines that contain a text, NUL for spaces. */
function commandLines(text: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return line.startsWith(text) ? [line] : [];
      } catch {
        return [];
      }
    });
}

test('a probe that is due at once after a timeout waits for the end of the killed command', async () => {
  let starts = 0;
  const exec: ExecInContainer = () => {
    starts++;
    return Promise.resolve(
      starts === 1
        ? { kind: 'cancelled', over: wait(20), kill: () => undefined }
        : { kind: 'exited', exitCode: 0, output: '' },
    );
  };
  const probe = createProber({ ...noContainer, exec });
  assert.equal((await probe(probeOf(['true']), target, never)).message, 'command timed out');
  assert.equal((await probe(probeOf(['true']), target, never)).outcome, 'success');
  assert.equal(starts, 2);
});

test('a command that cannot be killed is not started again', async () => {
  let [starts, kills, release] = [0, 0, (): void => undefined];
  const over = new Promise<void>((resolve) => {
    release = resolve;
  });
  const probe = createProber({
    ...noContainer,
    exec: async (_container, _command, cancel) => {
      starts++;
      await new Promise((resolve) => {
        cancel.addEventListener('abort', resolve);
      });
      return {
        kind: 'cancelled',
        over,
        kill: () => {
          kills++;
        },
      };
    },
  });
  const run = (container: string) => probe(probeOf(['true'], 0.01), { ...target, container }, never);
  assert.equal((await run('web')).message, 'command timed out');
  assert.equal((await run('web')).message, 'command timed out before, and still runs');
  assert.equal((await run('other')).message, 'command timed out');
  assert.deepEqual([starts, kills], [2, 1]);
  release();
  await over;
  await wait(0);
  assert.equal((await run('web')).message, 'command timed out');
});

test('hooks: a command', async (t) => {
  const context = machine(t);
  const run = (command: readonly string[], seconds = 5) =>
    runHook({ exec: { command } }, target, context, seconds, never);
  assert.deepEqual(await run(['true'], Infinity), { kind: 'succeeded' });
  assert.deepEqual(await run(['false']), { kind: 'failed', message: 'exit code 1' });
  assert.deepEqual(await run(['sh', '-c', 'echo no; exit 2']), {
    kind: 'failed',
    message: 'exit code 2: no',
  });
  assert.equal((await run(['no-such-program'])).kind, 'failed');
  assert.deepEqual(await run(['sleep', '4712'], 0.1), { kind: 'cut-off' });
  await gone('sleep\x004712');
});
