import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { commandOf } from '../../src/podman/operations/registry.ts';
import { capabilitiesOf, OLDEST_PODMAN } from '../../src/podman/inspect/version.ts';

/** The podman commands of the script that creates a PersistentVolumeClaim's volume, with one of them failing. */
function asks(failing = 'none'): { readonly asked: readonly string[]; readonly exitCode: number | null } {
  const directory = mkdtempSync(join(tmpdir(), 'podpose-claim-'));
  const podman = join(directory, 'podman');
  writeFileSync(
    podman,
    `#!/bin/sh\necho "$*" >> '${directory}/asked'\ncase "$*" in ${failing}*) exit 125 ;; 'volume inspect'*) echo /there ;; esac\n`,
  );
  chmodSync(podman, 0o755);
  try {
    const operation = { kind: 'create-claim-volume', project: 'demo', claimName: 'data' } as const;
    const { program, args } = commandOf(operation, capabilitiesOf(OLDEST_PODMAN), podman);
    const words = args.filter((word) => typeof word === 'string');
    const { status } = spawnSync(program, words, { encoding: 'utf8' });
    const asked = spawnSync('cat', [join(directory, 'asked')], { encoding: 'utf8' }).stdout;
    return { asked: asked.trimEnd().split('\n'), exitCode: status };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const CREATE =
  'volume create data --opt o=uid=0,gid=0 --label podpose.project=demo --label podpose.role=claim --label podpose.volume=data';
const INSPECT = 'volume inspect --format {{.Mountpoint}} data';

test('the volume of a PersistentVolumeClaim is created, writable for all users', () => {
  assert.deepEqual(asks(), { asked: [CREATE, INSPECT, 'unshare chmod 0777 /there'], exitCode: 0 });
});

test('if its permissions cannot be set, it is removed: the next run would rely on them', () => {
  assert.deepEqual(asks('unshare'), {
    asked: [CREATE, INSPECT, 'unshare chmod 0777 /there', 'volume rm data'],
    exitCode: 1,
  });
});

test('an existing volume is not changed', () => {
  assert.deepEqual(asks("'volume create'"), { asked: [CREATE], exitCode: 125 });
});
