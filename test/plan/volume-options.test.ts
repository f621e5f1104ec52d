import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClaimVolumeOptions } from '../../src/kube/spec/desired-volume.ts';
import { volumeOptionDifferences } from '../../src/plan/compare/volume-options.ts';
import { claimOptions } from '../../src/podman/operations/volume-options.ts';
import { decodeVolumes } from '../../src/podman/inspect/decode.ts';
import { capabilitiesOf } from '../../src/podman/inspect/version.ts';

const OLD = capabilitiesOf({ major: 4, minor: 3, patch: 1 });
const NEW = capabilitiesOf({ major: 5, minor: 4, patch: 2 });

/** A volume as podman lists it after its creation. */
function created(options: ClaimVolumeOptions, capabilities: typeof OLD, group?: number): ClaimVolumeOptions {
  const [volume] = decodeVolumes(
    JSON.stringify([
      {
        Name: 'data',
        Driver: options.driver ?? 'local',
        Options: claimOptions(options, group, capabilities),
      },
    ]),
  );
  assert.ok(volume);
  return volume.options;
}

function summaries(wanted: ClaimVolumeOptions, has: ClaimVolumeOptions, isOwn = true): readonly string[] {
  return volumeOptionDifferences(wanted, has, isOwn).map(
    (found) => `${found.annotation}: ${found.has} -> ${found.wanted}`,
  );
}

const all: readonly ClaimVolumeOptions[] = [
  {},
  { uid: 5 },
  { gid: 7 },
  { uid: 5, gid: 7, type: 'tmpfs', mountOptions: ['size=10m', 'noexec'] },
  { type: 'tmpfs', device: 'tmpfs', mountOptions: ['mode=0700', 'size=5000'] },
  { type: 'none', device: '/srv/data', mountOptions: ['bind'] },
  { type: 'fuse.sshfs', device: 'ann@host:/data', mountOptions: ['reconnect'] },
  { driver: 'plugin', mountOptions: ['speed=fast'] },
  { driver: 'image', image: 'docker.io/library/nginx:1.27' },
];

for (const options of all)
  test(`a volume with the options that it was created with does not differ: ${JSON.stringify(options)}`, () => {
    for (const capabilities of [OLD, NEW])
      for (const group of [undefined, 1000])
        assert.deepEqual(summaries(options, created(options, capabilities, group)), []);
  });

test('another owner, type, device, size or driver is a difference', () => {
  const has = created({ type: 'tmpfs', mountOptions: ['size=10m'] }, OLD);
  assert.deepEqual(summaries({ type: 'tmpfs', mountOptions: ['size=20m'] }, has), [
    'mount-options: size=10485760 -> size=20971520',
  ]);
  assert.deepEqual(summaries({ type: 'tmpfs', mountOptions: ['size=10m'], uid: 5 }, has), ['uid: 0 -> 5']);
  assert.deepEqual(summaries({ driver: 'plugin' }, has), [
    'driver: local -> plugin',
    'type: tmpfs -> ',
    'mount-options: size=10485760 -> ',
  ]);
});

test('of a volume that podpose did not create, only the annotations of the manifest matter', () => {
  const has: ClaimVolumeOptions = { type: 'nfs', device: 'host:/data' };
  assert.deepEqual(summaries({}, has, false), []);
  assert.deepEqual(summaries({ uid: 5 }, has, false), ['uid:  -> 5']);
});

test('the owner of a volume of podman volume create --uid is known', () => {
  const [volume] = decodeVolumes(JSON.stringify([{ Name: 'data', Driver: 'local', UID: 5, GID: 7 }]));
  assert.deepEqual(summaries({ uid: 5, gid: 7 }, volume?.options ?? {}, false), []);
});

test('the size of a tmpfs is in pages for a podman that takes it as a disk quota', () => {
  const options: ClaimVolumeOptions = { type: 'tmpfs', mountOptions: ['size=10M'] };
  assert.ok(claimOptions(options, undefined, OLD)['o'] === 'uid=0,gid=0,mode=0777,nr_blocks=2560');
  assert.ok(claimOptions(options, 1000, NEW)['o'] === 'uid=0,gid=1000,mode=2777,size=10M');
});

test('a filesystem that may not accept an owner gets none that was not asked for', () => {
  const options: ClaimVolumeOptions = { type: 'overlay', device: 'overlay', mountOptions: ['lowerdir=/a'] };
  assert.equal(claimOptions(options, 1000, NEW)['o'], 'lowerdir=/a');
});
