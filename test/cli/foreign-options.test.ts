import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foreignOptionHelp } from '../../src/cli/parse/foreign-options.ts';
import { COMMANDS } from '../../src/cli/parse/options.ts';
import { parseCommandLine } from '../../src/cli/parse/command-line.ts';

/** `podman kube play --help` of podman 6.1.1, without the options that every command of podman has. */
const KUBE_PLAY = [
  ...[
    '--annotation',
    '--authfile',
    '--build',
    '--cert-dir',
    '--configmap',
    '--context-dir',
    '--creds',
    '--force',
  ],
  ...['--ip', '--log-driver', '--log-opt', '--mac-address', '--network', '--no-hostname', '--no-hosts'],
  ...[
    '--no-pod-prefix',
    '--publish',
    '--publish-all',
    '--quiet',
    '--replace',
    '--seccomp-profile-root',
    '--start',
  ],
  ...['--tls-verify', '--userns', '--wait'],
];

test('each option of podman kube play works or has an answer', () => {
  const own: readonly string[] = Object.keys(COMMANDS.up.options).map((name) => `--${name}`);
  const without = KUBE_PLAY.filter(
    (option) => !own.includes(option) && foreignOptionHelp(option) === undefined,
  );
  assert.deepEqual(without, []);
});

test('the answer is the help of the error, with and without a value', () => {
  for (const option of ['--mac-address', '--mac-address=02:00:00:00:00:01']) {
    const parsed = parseCommandLine(['up', option]);
    assert.ok(!parsed.ok);
    assert.deepEqual(
      parsed.error.map(({ code, help }) => [code, help]),
      [['unknown-option', foreignOptionHelp('--mac-address')]],
    );
  }
});

test('options of kubectl for other directories', () => {
  for (const option of ['-R', '--recursive', '-k', '--kustomize'])
    assert.notEqual(foreignOptionHelp(option), undefined, option);
});
