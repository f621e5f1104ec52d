import { commandClient } from '../../src/podman/client/client.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askLimitCapability, type LimitCapability } from '../../src/podman/inspect/limits.ts';
import { scriptedRunner } from '../support/scripted-runner.ts';

const answers: readonly (readonly [string, number, LimitCapability])[] = [
  ['true v2 [cpu memory pids]', 0, { missing: ['cpuset'], cgroups: 'v2' }],
  ['true v2 [cpuset cpu io memory pids]', 0, { missing: [], cgroups: 'v2' }],
  ['true v2 [memory pids]', 0, { missing: ['cpu', 'cpuset'], cgroups: 'v2' }],
  ['true v2 [cpuset io pids]', 0, { missing: ['cpu', 'memory'], cgroups: 'v2' }],
  ['true v2 []', 0, { missing: ['cpu', 'memory', 'cpuset', 'pids'], cgroups: 'v2' }],
  ['true v1 []', 0, { missing: ['cpu', 'memory', 'cpuset', 'pids'], cgroups: 'v1' }],
  ['false v1 []', 0, { missing: [], cgroups: 'v1' }],
  ['false v2 []', 0, { missing: [], cgroups: 'v2' }],
  ['', 125, { missing: [], cgroups: 'v2' }],
  ['what?', 0, { missing: [], cgroups: 'v2' }],
];

for (const [said, exitCode, expected] of answers)
  test(`podman info says '${said}'`, async () => {
    const run = scriptedRunner((command) => {
      command.print(said);
      command.exit(exitCode);
    });
    assert.deepEqual(await askLimitCapability(commandClient(run, 'podman')), expected);
  });
