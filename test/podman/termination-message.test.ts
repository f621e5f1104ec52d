import { commandClient } from '../../src/podman/client/client.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMessage } from '../../src/podman/inspect/termination-message.ts';
import { scriptedRunner } from '../support/scripted-runner.ts';

const name = 'web-app';
const file = { volume: 'web-termination_messages', name: 'app' };

/** A podman whose containers have this message file and this output. */
function podmanWith(message: string, log: readonly string[]) {
  return scriptedRunner((command) => {
    if (command.line.includes('volume inspect')) command.print('/volumes/web-termination_messages/_data');
    else if (command.line.includes('/_data/app')) for (const line of message.split('\n')) command.print(line);
    else for (const line of log) command.print(line);
    command.exit(0);
  });
}

test('the message is the content of the file', async () => {
  const run = podmanWith('out of luck\n', ['printed']);
  assert.equal(
    await readMessage(commandClient(run, 'podman'), { name, file, orLog: false }, 1),
    'out of luck',
  );
});

test('the log replaces an empty message if requested and the container has failed', async () => {
  const run = podmanWith('', ['one', 'two']);
  assert.equal(await readMessage(commandClient(run, 'podman'), { name, file, orLog: true }, 1), 'one\ntwo');
  assert.equal(await readMessage(commandClient(run, 'podman'), { name, file, orLog: true }, 0), '');
  assert.equal(await readMessage(commandClient(run, 'podman'), { name, file, orLog: false }, 1), '');
});

test('of a long log, the last 2048 bytes', async () => {
  const run = podmanWith('', ['é'.repeat(2000)]);
  const message = await readMessage(commandClient(run, 'podman'), { name, file, orLog: true }, 1);
  assert.equal(message, 'é'.repeat(1024));
});

test('podman is not queried if there is no message', async () => {
  const run = podmanWith('', []);
  assert.equal(await readMessage(commandClient(run, 'podman'), { name, orLog: false }, 1), '');
  assert.deepEqual(run.commands, []);
});
