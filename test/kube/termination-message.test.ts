import assert from 'node:assert/strict';
import { test } from 'node:test';
import { desired, findings, podWithContainer, type Fields } from './manifest.ts';

/** Where the container finds the file for its message. */
function messagePaths(container: Fields): readonly string[] {
  const [first] = desired(podWithContainer(container)).containers;
  return (first?.volumeMounts ?? [])
    .filter(({ name }) => name === 'termination_messages')
    .map(({ mountPath }) => mountPath);
}

const volumeMounts = [{ name: 'data', mountPath: '/dev/termination-log/' }];
const cases: readonly (readonly [Fields, readonly string[]])[] = [
  [{}, []],
  [{ terminationMessagePolicy: 'File' }, []],
  [{ terminationMessagePolicy: 'FallbackToLogsOnError' }, ['/dev/termination-log']],
  [{ terminationMessagePath: '/dev/termination-log' }, ['/dev/termination-log']],
  [{ terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File' }, []],
  [{ terminationMessagePath: '/tmp/log' }, ['/tmp/log']],
  [{ terminationMessagePath: 'tmp/log' }, ['/tmp/log']],
  [{ terminationMessagePath: '' }, ['/dev/termination-log']],
  [{ command: ['sh', '-c', 'echo done > /dev/termination-log'] }, ['/dev/termination-log']],
  [{ args: ['--message-to=/dev/termination-log'] }, ['/dev/termination-log']],
  [{ env: [{ name: 'LOG', value: '/dev/termination-log' }] }, ['/dev/termination-log']],
];
for (const [container, expected] of cases)
  test(`the file of a container with ${JSON.stringify(container)}`, () => {
    assert.deepEqual(messagePaths(container), expected);
  });

test('a mount of the manifest at that path is kept', () => {
  const pod = podWithContainer(
    { terminationMessagePath: '/dev/termination-log', volumeMounts },
    { volumes: [{ name: 'data', emptyDir: {} }] },
  );
  assert.deepEqual(
    desired(pod).containers[0]?.volumeMounts.map(({ name }) => name),
    ['data'],
  );
});

test('the pod has the volume if a container has a message file', () => {
  assert.deepEqual(desired(podWithContainer({})).volumes, []);
  assert.deepEqual(
    desired(podWithContainer({ terminationMessagePath: '/x' })).volumes.map(({ name }) => name),
    ['termination_messages'],
  );
});

test('the path must not contain a colon', () => {
  assert.deepEqual(findings(podWithContainer({ terminationMessagePath: '/a:b' })), [
    "spec.containers[0].terminationMessagePath: must not contain ':', got '/a:b' [unusable-path]",
  ]);
});
