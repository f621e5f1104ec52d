import assert from 'node:assert/strict';
import { podmanExec, type ExecAnswer } from '../../src/kubelet/probers/exec.ts';
import { nodeRunner } from '../../src/platform/node/process-runner.ts';
import { commandClient } from '../../src/podman/client/client.ts';
import { realClock } from '../kubelet/probers/support.ts';
import { eventually } from './support/eventually.ts';
import { BUSYBOX } from './support/images.ts';
import { exec, podman, PODMAN, tryPodman } from './support/podman.ts';
import { scenario } from './support/scenario.ts';

// Commands of probes and hooks. podman leaves a command in the container when `podman exec` is killed.

scenario('A command in a container is run, or killed with all that it has started', async (story) => {
  const { id, step, after } = story;
  const client = commandClient(nodeRunner({ env: process.env }), PODMAN);
  const run = podmanExec(client, id, realClock);
  const never = new AbortController().signal;
  after(() => tryPodman('rm', '--force', '--time', '0', id));
  // Its processes belong to another user than podman's.
  await podman('run', '--detach', '--name', id, '--user', '1234:1234', BUSYBOX, 'sleep', '600');

  await step('the exit code and the output of both streams come back', async () => {
    const answer = await run(id, ['sh', '-c', 'echo one; echo two >&2; exit 4'], never);
    assert.deepEqual(answer, { kind: 'exited', exitCode: 4, output: 'one\ntwo\n' });
    assert.deepEqual(await run(id, ['sh', '-c', 'exit 127'], never), {
      kind: 'exited',
      exitCode: 127,
      output: '',
    });
  });
  await step(
    'a program that the image does not have, and a container that is not there, are no result',
    async () => {
      assert.match(messageOf(await run(id, ['no-such-program'], never)), /no-such-program/);
      assert.match(messageOf(await run(`${id}-other`, ['true'], never)), /no such container/);
    },
  );
  await step('a command that is given up is gone with its children, also if it ignores SIGTERM', async () => {
    const cancel = new AbortController();
    const answer = run(id, ['sh', '-c', 'trap "" TERM; sleep 4713 & sleep 4713'], cancel.signal);
    await eventually('the two children', async () => (await sleepers(id)) === 2 || undefined);
    cancel.abort();
    const given = await answer;
    assert.ok(given.kind === 'cancelled');
    await given.over;
    await eventually('their end', async () => (await sleepers(id)) === 0 || undefined);
  });
  await step('the container itself has noticed nothing', async () => {
    assert.equal((await exec(id, 'cat', '/proc/1/cmdline')).replaceAll('\0', ' ').trim(), 'sleep 600');
  });
});

function messageOf(answer: ExecAnswer): string {
  assert.ok(answer.kind === 'failed', JSON.stringify(answer));
  return answer.message;
}

/** How many processes of the container sleep for 4713 seconds. Those that have ended have no command line. */
async function sleepers(container: string): Promise<number> {
  const each = 'for file in /proc/[0-9]*/cmdline; do tr "\\0" " " < $file; echo; done';
  const lines = await exec(container, 'sh', '-c', each);
  return lines.split('\n').filter((line) => line.trim() === 'sleep 4713').length;
}
