import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CommandName } from '../../src/cli/parse/command-names.ts';
import { podmanSettings } from '../../src/cli/podman-settings.ts';

/** The settings of Go's runtime in the services that a command can use, the one that it starts first. */
function services(command: CommandName, given: Readonly<Record<string, string>> = {}): readonly string[] {
  const commandLine = { command, values: {}, operands: [], passedOn: [] };
  const { service } = podmanSettings(commandLine, { XDG_RUNTIME_DIR: '/run/user/1', ...given });
  return (service?.envs ?? []).map(({ GOGC = '', GOMAXPROCS = '' }) => `${GOGC} ${GOMAXPROCS}`.trim());
}

test('a watcher has a service of its own, with little memory, which commands that only read can use', () => {
  assert.deepEqual(services('watch'), ['25 1']);
  assert.deepEqual(services('ps'), ['400', '25 1']);
  assert.deepEqual(services('plan'), ['400', '25 1']);
});

test('a command that starts pods does not use the service of a watcher', () => {
  for (const command of ['up', 'down', 'start', 'restart', 'stop'] as const)
    assert.deepEqual(services(command), ['400'], command);
});

test("the user's settings of Go's runtime are kept: all commands use one service", () => {
  assert.deepEqual(services('watch', { GOGC: '80' }), ['80']);
  assert.deepEqual(services('ps', { GOMAXPROCS: '2' }), ['400 2', '400 2']);
});
