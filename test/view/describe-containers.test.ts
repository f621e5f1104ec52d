import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeContainers } from '../../src/view/status/describe-containers.ts';

/** As in kubectl (describeContainerCommand and describeContainerEnvVars in k8s.io/kubectl/pkg/describe). */
test('words and values of several lines are on several lines', () => {
  const container = {
    name: 'app',
    image: 'busybox',
    command: ['sh', '-c'],
    args: ['set -e\necho hello\n'],
    env: [
      { name: 'SCRIPT', value: 'one\ntwo' },
      { name: 'KEY', valueFrom: { secretKeyRef: { name: 'a', key: 'b' } } },
    ],
  };
  const lines = describeContainers('Containers', [container], []).map(({ name, text }) => [name, text]);
  const part = (first: string, count: number) => {
    const start = lines.findIndex(([name]) => name === first);
    return lines.slice(start, start + count);
  };
  assert.deepEqual(part('Command', 7), [
    ['Command', ''],
    [undefined, 'sh'],
    [undefined, '-c'],
    ['Args', ''],
    [undefined, 'set -e'],
    [undefined, 'echo hello'],
    [undefined, ''],
  ]);
  assert.deepEqual(part('Environment', 4), [
    ['Environment', ''],
    ['SCRIPT', 'one'],
    ['', 'two'],
    ['KEY', "<set to the key 'b' in secret 'a'>  Optional: false"],
  ]);
});
