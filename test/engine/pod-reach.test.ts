import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { podReach } from '../../src/engine/pod-reach.ts';
import type { RemoteNetwork } from '../../src/platform/network.ts';
import { openRelay } from '../../src/platform/node/relay.ts';
import { commandClient } from '../../src/podman/client/client.ts';
import { listen } from '../kubelet/probers/support.ts';
import { testPlatform } from '../support/platform.ts';
import { scriptedRunner, type ScriptedCommand } from '../support/scripted-runner.ts';

const INSPECTED = {
  Id: 'infra',
  NetworkSettings: { Networks: { one: { IPAddress: '10.89.0.2' } } },
};

/** A pod whose address podman tells, and the networks that were opened and are still open. */
function reachOf() {
  const runner = scriptedRunner(({ line, print, exit }) => {
    print(line.includes('pod inspect') ? 'infra' : JSON.stringify([INSPECTED]));
    exit(0);
  });
  const platform = testPlatform({});
  let [opened, open] = [0, 0];
  const openNetwork = () => {
    opened += 1;
    open += 1;
    return {
      network: platform.network,
      isOpen: () => open > 0,
      close: () => {
        open -= 1;
      },
      closeWhenUnused: () => {
        open -= 1;
      },
    };
  };
  const reach = podReach({ ...platform, openNetwork }, 'podman');
  const podman = commandClient(runner, 'podman');
  return { ...reach, ask: () => reach.reach('web', podman, 'sandbox'), counts: () => [opened, open] };
}

test('pods share one network, which is closed with the reach', async () => {
  const { ask, close, counts } = reachOf();
  assert.equal((await ask())?.ip, '10.89.0.2');
  await ask();
  assert.deepEqual(counts(), [1, 1]);
  close();
  assert.deepEqual(counts(), [1, 0]);
});

test('a pod whose address is known only after the end is not reached: its network would stay open', async () => {
  const { ask, close, counts } = reachOf();
  const asked = ask();
  close();
  assert.equal(await asked, undefined);
  assert.deepEqual(counts(), [0, 0]);
});

test('after a change of the network, pods are reached in the new one', async () => {
  const { ask, podsAreUp, counts } = reachOf();
  await ask();
  podsAreUp(['sandbox']);
  assert.deepEqual(counts(), [1, 0]);
  await ask();
  assert.deepEqual(counts(), [2, 1]);
});

const ADDRESS = JSON.stringify([
  {
    HostConfig: { NetworkMode: 'bridge' },
    NetworkSettings: { Networks: { demo: { IPAddress: '127.0.0.1' } } },
  },
]);

function answer(command: ScriptedCommand): void {
  command.print(command.line.includes('container inspect') ? ADDRESS : 'infra');
  command.exit(0);
}

test('another pod that comes up does not break off the hook of a pod', { timeout: 20_000 }, async (t) => {
  const relay = fileURLToPath(new URL('../../src/platform/node/relay.pl', import.meta.url));
  const opened: RemoteNetwork[] = [];
  const openNetwork = () => {
    const network = openRelay('sh', ['-c', '"$@" <&3 3<&- &', 'sh'], ['perl', relay]);
    opened.push(network);
    return network;
  };
  const reach = podReach({ ...testPlatform({}), openNetwork }, 'podman');
  t.after(reach.close);
  const podman = commandClient(scriptedRunner(answer), 'podman');
  const port = await listen(
    t,
    createServer((_, response) => setTimeout(() => response.end('done'), 300)),
  );
  reach.podsAreUp(['one']);
  const reached = await reach.reach('web', podman, 'one');
  const get = reached?.network.get(
    { scheme: 'http', host: '127.0.0.1', port, path: '/', headers: [] },
    { milliseconds: 5000, cancel: new AbortController().signal },
  );
  // Before its connection is opened.
  reach.podsAreUp(['one', 'two']);
  assert.equal((await get)?.kind, 'answered');
  while (opened[0]?.isOpen() === true) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.notEqual((await reach.reach('web', podman, 'one'))?.network, reached?.network);
});
