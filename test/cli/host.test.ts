import assert from 'node:assert/strict';
import { test } from 'node:test';
import { terminalHost } from '../../src/cli/host.ts';
import { testPlatform } from '../support/platform.ts';

const NO_TERMINAL = {
  write: () => undefined,
  pour: () => Promise.resolve(),
  ...{ isTTY: false, columns: 80, rows: 24 },
};

test('a wait is printed with what it waits for, and from the second second on with its length', () => {
  const lines: string[] = [];
  const host = terminalHost({
    platform: { ...testPlatform({}), stderr: NO_TERMINAL },
    ...{ progress: 'plain', verbose: false, paint: (_, text) => text, hideSecrets: (text) => text },
    report: () => undefined,
    say: (text) => lines.push(text),
  });
  const waits = [{ pod: 'web', container: 'app', state: 'readiness GET :8080/ -> 503, 3 of 3 failed' }];
  for (const seconds of [0, 9, 72]) host.emit({ kind: 'waiting-for-pods', waits, seconds });
  const words = 'Waiting for pod/web container/app (readiness GET :8080/ -> 503, 3 of 3 failed)';
  assert.deepEqual(lines, [`${words}.\n`, `${words}, 9 s so far.\n`, `${words}, 1 min 12 s so far.\n`]);
});
