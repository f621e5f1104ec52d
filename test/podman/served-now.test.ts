import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import { nodeRunner } from '../../src/platform/node/process-runner.ts';
import type { ObservedPod } from '../../src/podman/inspect/observed.ts';
import { askServedNow } from '../../src/podman/inspect/served-now.ts';

const pod = (name: string, infraPid: number): ObservedPod => ({
  ...{ id: name, name, labels: {}, infraStartedAt: 0 },
  ...{ infra: 'running', infraPid },
});

test('a pod that has ended since it was listed has no address, and the others have', async () => {
  const ended = spawnSync('true').pid;
  const processes = nodeRunner({ env: process.env });
  const pods = [pod('one', process.pid), pod('gone', ended), pod('two', process.pid)];
  const served = await askServedNow({ processes }, pods);
  assert.ok(served.ok, JSON.stringify(served));
  const { addresses } = served.value;
  const interfaces = Object.values(networkInterfaces()).flatMap((some) => some ?? []);
  const isOnline = interfaces.some(({ family, internal }) => family === 'IPv4' && !internal);
  assert.deepEqual([...addresses.keys()], isOnline ? ['one', 'two'] : []);
  assert.ok([...addresses.values()].every((address) => isIPv4(address)));
});
