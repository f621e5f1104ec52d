import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome } from '../../src/apply/events.ts';
import { killedByHooks, restartWarnings } from '../../src/engine/failed-hooks.ts';

const diagnostic = {
  code: 'post-start-failed',
  severity: 'error',
  message: 'not yet',
  help: 'Wait.',
} as const;

function failedHook(
  container: string,
  kind: 'restarting' | 'restarted' | 'command',
): Outcome['failed'][number] {
  const hook = { exec: { command: ['greet'] } };
  return {
    step: {
      id: container,
      needs: [],
      operation: {
        ...{
          kind: 'run-post-start',
          pod: 'web',
          container,
          role: 'container',
          name: `web-${container}`,
          hook,
        },
        ...{ graceSeconds: 5, restartPolicy: 'Always', hostNetwork: false },
      },
    },
    failure: { kind, diagnostic },
  };
}

test('a container that waits for its restart is an error, one that was restarted a warning', () => {
  const failed = [failedHook('a', 'restarting'), failedHook('b', 'restarted'), failedHook('c', 'command')];
  assert.deepEqual(killedByHooks({ failed }), [{ pod: 'web', container: 'a', diagnostic }]);
  assert.deepEqual(
    restartWarnings({ failed }).map(({ severity, message, help }) => [severity, message, help]),
    [['warning', 'not yet', 'The container was killed and restarted, as on a cluster.']],
  );
});
