import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandClient } from '../../src/podman/client/client.ts';
import { decodeEvent as decodeWatched } from '../../src/podman/inspect/container-events.ts';
import { decodeContainersAndPods } from '../../src/podman/inspect/decode.ts';
import { decodeEvent } from '../../src/podman/inspect/events.ts';
import { attachedExitCode } from '../../src/podman/inspect/attached-exit.ts';
import { askLastExitCodes } from '../../src/podman/inspect/last-ends.ts';
import { decodeRun } from '../../src/podman/inspect/run-details.ts';
import { askContainerLogs } from '../../src/podman/logs/container-log.ts';
import { scriptedRunner } from '../support/scripted-runner.ts';

const LABELS = { 'podpose.project': 'demo', 'podpose.pod': 'web', 'podpose.role': 'container' };
const INSPECTED = { Id: 'x', Name: 'web-app', State: { Status: 'exited', ExitCode: -1 } };

/** podman's event of the end of a container that was killed at its time limit. */
const DIED = JSON.stringify({
  ...{ ID: 'x', Status: 'died', Type: 'container', time: 1, ContainerExitCode: -1, Attributes: LABELS },
});

/** A podman that prints this. */
function printing(text: string) {
  const runner = scriptedRunner((command) => {
    command.print(text);
    command.exit(0);
  });
  return commandClient(runner, 'podman');
}

const SOURCES: readonly (readonly [where: string, ask: () => unknown])[] = [
  [
    'podman ps',
    () => decodeContainersAndPods(JSON.stringify([{ Id: 'x', ExitCode: -1 }])).containers[0]?.exitCode,
  ],
  ['podman inspect, for a watcher', () => decodeRun(INSPECTED).exitCode],
  [
    'podman inspect, for logs',
    async () => (await askContainerLogs(printing(JSON.stringify([INSPECTED])), ['x']))?.[0]?.exitCode,
  ],
  ['podman events, for people', () => decodeEvent(DIED)?.exitCode],
  ['podman events, for a watcher', () => decodeWatched(DIED)?.exitCode],
  [
    'podman events, for the end before',
    async () => (await askLastExitCodes(printing(DIED), [{ id: 'x', exitedAt: 1 }])).get('x'),
  ],
  [
    'podman run, which ends with 255',
    () => attachedExitCode(printing(JSON.stringify([INSPECTED])), 'web-app', 255),
  ],
];

for (const [where, ask] of SOURCES)
  test(`-1 of a container that podman killed at its time limit is 137: ${where}`, async () => {
    assert.equal(await ask(), 137);
  });

test('255 of a container that has exited with it stays', async () => {
  const inspected = { ...INSPECTED, State: { Status: 'exited', ExitCode: 255 } };
  assert.equal(await attachedExitCode(printing(JSON.stringify([inspected])), 'web-app', 255), 255);
});
