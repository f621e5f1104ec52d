import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faults, pod } from './faults.ts';

/** A ConfigMap with a text in a block, in the fifth line. */
const configMap = (text: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: m }\ndata:\n  k: "colour ${text} text"\n`;

const refused: readonly (readonly [number, string])[] = [
  [0x01, 'U+0001'],
  [0x07, 'U+0007 (BEL)'],
  [0x0b, 'U+000B (VT)'],
  [0x0c, 'U+000C (FF)'],
  [0x1b, 'U+001B (ESC)'],
  [0x1f, 'U+001F'],
  [0x7f, 'U+007F (DEL)'],
  [0x80, 'U+0080'],
  [0x84, 'U+0084'],
  [0x86, 'U+0086'],
  [0x9f, 'U+009F'],
  [0xfeff, 'U+FEFF (byte order mark)'],
  [0xfffe, 'U+FFFE'],
  [0xffff, 'U+FFFF'],
];

for (const [code, name] of refused)
  test(`${name} is refused, also in a comment`, () => {
    const message = `control character ${name} is not allowed in YAML`;
    const character = String.fromCodePoint(code);
    assert.deepEqual(faults(configMap(character)), [`5:14 ${message}`]);
    assert.deepEqual(faults(`# x${character}\n${pod({})}`), [`1:4 ${message}`]);
  });

test('other characters are text, as escapes of the refused ones are', () => {
  for (const code of [
    0x09, 0x20, 0x7e, 0xa0, 0xad, 0xd7ff, 0xe000, 0xfefe, 0xff00, 0xfffd, 0x10000, 0x1f389, 0x10ffff,
  ])
    assert.deepEqual(faults(configMap(String.fromCodePoint(code))), [], code.toString(16));
  assert.deepEqual(faults(configMap(String.raw`\a\b\e\f\v\0\x7F\uFFFE`)), []);
});

test('a byte order mark may stand before each document', () => {
  assert.deepEqual(faults(`\uFEFF${configMap('')}`), []);
});

test('JSON strings may contain characters that YAML forbids', () => {
  const json = (text: string) =>
    `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"},"data":{"k":"${text}"}}`;
  assert.deepEqual(faults(json('\u007F\uFFFE')), []);
  assert.equal(faults(json('\u0007')).length, 1);
});

test('a text in Latin-1 is reported at its first invalid byte', () => {
  const latin1 = Buffer.from(configMap('grün, später'), 'latin1');
  assert.deepEqual(faults(latin1), ['5:16 invalid UTF-8: byte 0xFC']);
  // In front of it there may be characters of several bytes.
  const mixed = Buffer.concat([Buffer.from('# 🎉é\n# ää '), Buffer.from([0xe4, 0x0a]), Buffer.from(pod({}))]);
  assert.deepEqual(faults(mixed), ['2:6 invalid UTF-8: byte 0xE4']);
  assert.deepEqual(faults(Buffer.concat([Buffer.from(pod({})), Buffer.from([0xc3])])).length, 1);
});
