import { commandClient } from '../../src/podman/client/client.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspectContainers } from '../../src/podman/inspect/inspect-containers.ts';
import type { ContainerState, ObservedContainer } from '../../src/podman/inspect/observed.ts';
import { scriptedRunner } from '../support/scripted-runner.ts';

function container(
  id: string,
  state: ContainerState,
  startedAt: number,
  restarts?: number,
  exitedAt = 0,
): ObservedContainer {
  return {
    id,
    name: id,
    labels: {},
    state,
    exitCode: 0,
    startedAt,
    createdAt: 1,
    exitedAt,
    image: 'busybox',
    imageId: 'sha256:feed',
    ...(restarts === undefined ? {} : { restarts }),
  };
}

function answering(lines: readonly object[], exitCode = 0) {
  return scriptedRunner((command) => {
    for (const line of lines) command.print(JSON.stringify(line));
    if (exitCode !== 0) command.print('Error: no such container gone', 'stderr');
    command.exit(exitCode);
  });
}

test('nothing is inspected if podman ps is complete', async () => {
  const run = answering([]);
  const containers = [
    container('a', 'running', 5, 3),
    container('b', 'exited', 5, 0),
    // podman 4.3: it has never ended, so it was never restarted.
    container('c', 'running', 5),
  ];
  assert.deepEqual(await inspectContainers(commandClient(run, 'podman'), containers), containers);
  assert.equal(run.commands.length, 0);
});

test('restarts that podman 4.3 omits in ps, with one command, although a container was removed in the meantime', async () => {
  const run = answering([{ Id: 'a', Restarts: 7, Error: '', Config: '/config.json' }], 125);
  const found = await inspectContainers(commandClient(run, 'podman'), [
    container('a', 'running', 5, undefined, 4),
    container('gone', 'exited', 5),
  ]);
  assert.deepEqual(
    found.map(({ restarts, startFailure }) => [restarts, startFailure]),
    [
      [7, undefined],
      [undefined, undefined],
    ],
  );
  assert.equal(run.commands.length, 1);
});

test('a failed start is distinguished from one that was never tried, with or without a reason', async () => {
  const run = answering([
    { Id: 'new', Restarts: 0, Error: '', Config: '' },
    { Id: 'silent', Restarts: 0, Error: '', Config: '/config.json' },
    { Id: 'telling', Restarts: 0, Error: 'no such file', Config: '/config.json' },
    { Id: 'early', Restarts: 0, Error: 'cannot get namespace path', Config: '', Hostname: '' },
    // podman 4.3.1: its workingDir is a file.
    { Id: 'unwritten', Restarts: 0, Error: '', Config: '', Hostname: '/hostname' },
    // `podman attach` has failed, as nobody has started it.
    {
      Id: 'attached',
      Restarts: 0,
      Error: 'you can only attach to running containers',
      Config: '',
      Hostname: '',
    },
  ]);
  const ids = ['new', 'silent', 'telling', 'early', 'unwritten', 'attached'];
  const found = await inspectContainers(
    commandClient(run, 'podman'),
    ids.map((id) => container(id, 'created', 0, 0)),
  );
  assert.deepEqual(
    found.map(({ startFailure }) => startFailure),
    [undefined, '', 'no such file', 'cannot get namespace path', '', undefined],
  );
});

test('an invalid answer changes nothing', async () => {
  const run = answering([], 125);
  const containers = [container('a', 'running', 5, undefined, 4)];
  assert.deepEqual(await inspectContainers(commandClient(run, 'podman'), containers), containers);
});
