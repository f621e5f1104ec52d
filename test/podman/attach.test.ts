import assert from 'node:assert/strict';
import { test } from 'node:test';
import { frameReader } from '../../src/platform/node/attach.ts';

function frame(stream: number, text: string | Buffer): Buffer {
  const output = Buffer.from(text);
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(output.length, 4);
  return Buffer.concat([header, output]);
}

/** The lines that are read from chunks. */
function linesOf(...chunks: readonly Buffer[]): readonly string[] {
  const lines: string[] = [];
  const reader = frameReader((line, stream) => lines.push(`${stream}: ${line}`));
  for (const chunk of chunks) reader.read(chunk);
  reader.end();
  return lines;
}

const OUTPUT = Buffer.concat([
  frame(1, 'one\ntw'),
  frame(2, 'warning\r\n'),
  frame(1, 'o\n\nä'),
  frame(1, 'fin'),
]);
const LINES = ['stdout: one', 'stderr: warning', 'stdout: two', 'stdout: ', 'stdout: äfin'];

test('the output of an attached container is read line by line, each stream by itself', () => {
  assert.deepEqual(linesOf(OUTPUT), LINES);
});

test('output is the same however it is cut into chunks', () => {
  for (let size = 1; size < OUTPUT.length; size++) {
    const chunks = Array.from({ length: Math.ceil(OUTPUT.length / size) }, (_, index) =>
      OUTPUT.subarray(index * size, (index + 1) * size),
    );
    assert.deepEqual(linesOf(...chunks), LINES);
  }
});
