import { commandClient } from '../../src/podman/client/client.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readVolumeTexts } from '../../src/podman/inspect/volume-texts.ts';
import { scriptedRunner } from '../support/scripted-runner.ts';

function answering(lines: readonly string[]) {
  return scriptedRunner((command) => {
    const isLook = command.line.includes('volume inspect');
    for (const line of isLook ? ['web-config /volumes/web-config/_data'] : lines) command.print(line);
    command.exit(0);
  });
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

test('texts of files with two commands; none for a file that is missing, too long, or not a text', async () => {
  const run = answering([
    base64('a\n'),
    '-',
    '',
    base64('x'.repeat(65_537)),
    Buffer.from([0xff]).toString('base64'),
  ]);
  const files = ['a', 'gone', 'empty', 'long', 'bytes'].map((path) => ({ volume: 'web-config', path }));
  assert.deepEqual(await readVolumeTexts(commandClient(run, 'podman'), files), [
    'a\n',
    undefined,
    '',
    undefined,
    undefined,
  ]);
  assert.equal(run.commands.length, 2);
  assert.ok(run.find('unshare').args.includes('/volumes/web-config/_data/a'));
});

test('no query without files, or for too many', async () => {
  const run = answering([]);
  assert.deepEqual(await readVolumeTexts(commandClient(run, 'podman'), []), []);
  const many = Array.from({ length: 65 }, (_, index) => ({ volume: 'v', path: `${index}` }));
  assert.deepEqual(await readVolumeTexts(commandClient(run, 'podman'), many), []);
  assert.equal(run.commands.length, 0);
});

test('a podman that cannot read its volumes gives no texts', async () => {
  const run = scriptedRunner((command) => {
    command.exit(125);
  });
  assert.deepEqual(await readVolumeTexts(commandClient(run, 'podman'), [{ volume: 'v', path: 'a' }]), []);
});
