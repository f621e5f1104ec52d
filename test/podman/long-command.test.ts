import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandOf } from '../../src/podman/operations/registry.ts';
import { capabilitiesOf } from '../../src/podman/inspect/version.ts';
import { desired, podWithContainer, type Fields } from '../kube/manifest.ts';

/** The arguments from --entrypoint on. */
function wordsOf(container: Fields): readonly unknown[] {
  const pod = desired(podWithContainer(container));
  const [first] = pod.containers;
  assert.ok(first);
  const operation = {
    kind: 'run-container',
    project: 'demo',
    pod,
    container: first,
    dns: {},
    replace: false,
  } as const;
  const { args } = commandOf(operation, capabilitiesOf({ major: 5, minor: 4, patch: 2 }), 'podman');
  return args.slice(args.indexOf('--entrypoint'));
}

test('a command that is too long as one JSON argument is split after its first word', () => {
  // Each fits, but not together, or not escaped.
  const long = '"'.repeat(70_000);
  assert.deepEqual(wordsOf({ command: ['sh', '-c', long], args: ['b'] }), [
    '--entrypoint',
    '["sh"]',
    'nginx:1.27',
    '-c',
    long,
    'b',
  ]);
  const fits = 'x'.repeat(131_000);
  const short = ['--entrypoint', JSON.stringify(['sh', '-c', fits]), 'nginx:1.27', 'b'];
  assert.deepEqual(wordsOf({ command: ['sh', '-c', fits], args: ['b'] }), short);
});
