import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readManifests } from '../../src/manifest/read-manifests.ts';
import { pod } from './faults.ts';

/** Numbers that look random and are the same in every run (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const manifest = pod({
  spec: 'initContainers:\n- &a {name: i, image: x, env: [{name: A, value: "1"}]}\n- <<: *a\n  name: j\nvolumes:\n- name: v\n  emptyDir: {sizeLimit: 1Gi}',
  container:
    'command: ["sh", "-c"]\nargs:\n- |\n  echo\nports:\n- containerPort: 80\n  hostPort:8001\nresources: {limits: {cpu: 1}}',
});

const pieces = [
  '\n',
  ' ',
  '  ',
  '\t',
  ':',
  ': ',
  '- ',
  '[',
  ']',
  '{',
  '}',
  '"',
  "'",
  '#',
  '&a ',
  '*a',
  '<<: ',
  '!!int ',
  '|',
  '>',
  '?',
  '%',
  '@',
  '---\n',
  '~',
  '0644',
  'yes',
  'é',
  '\uD83D',
  ',',
  '\r',
  '{{',
  'kind: List\nitems:\n',
];

function mutate(text: string, random: () => number): string {
  const at = Math.floor(random() * text.length);
  const other = Math.floor(random() * text.length);
  const piece = pieces[Math.floor(random() * pieces.length)] ?? '';
  switch (Math.floor(random() * 5)) {
    case 0:
      return text.slice(0, at) + piece + text.slice(at);
    case 1:
      return text.slice(0, at) + text.slice(at + 1 + Math.floor(random() * 8));
    case 2:
      return text.slice(0, at) + piece + text.slice(at + piece.length);
    case 3:
      return text.slice(0, at) + text.slice(other, other + 40) + text.slice(at);
    default:
      return text.slice(0, Math.max(at, 20));
  }
}

test('no text makes it throw, and every diagnostic has a location in the text', () => {
  const random = randomNumbers(7);
  for (let round = 0; round < 1000; round += 1) {
    let text = manifest;
    for (let count = Math.floor(random() * 6); count >= 0; count -= 1) text = mutate(text, random);
    const lines = text.split('\n').length;
    const { documents, diagnostics } = readManifests([{ file: 'f', text }]);
    for (const { location, message } of diagnostics) {
      assert.ok(
        location !== undefined && location.line >= 1 && location.line <= lines,
        `${message}\n${text}`,
      );
      assert.ok(location.column >= 1, message);
    }
    for (const { complete, isPruned, locate } of documents) {
      assert.ok(complete !== undefined || diagnostics.length > 0, `incomplete without a word:\n${text}`);
      isPruned(['spec', 'containers', 0, 'image']);
      locate(['spec', 'containers', 0, 'image']);
    }
  }
});
