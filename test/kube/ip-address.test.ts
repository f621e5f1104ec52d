import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  formatAddressRange,
  formatIPAddress,
  isIPAddress,
  isStrictlyWithin,
  networkOf,
  parseAddressRange,
  parseLooseIPAddress,
} from '../../src/kube/spec/ip-address.ts';

/** Addresses with their canonical forms. */
const canonical: readonly (readonly [string, string])[] = [
  ['0.0.0.0', '0.0.0.0'],
  ['255.255.255.255', '255.255.255.255'],
  ['::', '::'],
  ['::1', '::1'],
  ['1::', '1::'],
  ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
  ['2001:db8:0:1:0:0:0:1', '2001:db8:0:1::1'],
  ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
  ['1:0:0:2:0:0:3:4', '1::2:0:0:3:4'],
  ['64:ff9b::192.0.2.1', '64:ff9b::c000:201'],
  ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
];

for (const [text, expected] of canonical)
  test(`the address ${text}`, () => {
    const address = parseLooseIPAddress(text);
    assert.ok(isIPAddress(text));
    assert.equal(address && formatIPAddress(address), expected);
  });

const invalid = [
  '',
  '1.2.3',
  '1.2.3.4.5',
  '01.2.3.4',
  '1.2.3.256',
  '1.2.3.-4',
  ' 1.2.3.4',
  ':',
  ':::',
  '1::2::3',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4:5:6:7:8::',
  '12345::',
  '::g',
  'fe80::1%eth0',
  '::ffff:1.2.3.4',
  '::ffff:102:304',
  '1.2.3.4::',
];

for (const text of invalid)
  test(`no address: '${text}'`, () => {
    assert.ok(!isIPAddress(text));
  });

test('older servers read zeros and mapped addresses', () => {
  for (const text of ['001.02.3.4', '::ffff:1.2.3.4', '::ffff:1.2.3.04'])
    assert.equal(formatIPAddress(parseLooseIPAddress(text) ?? { family: 4, bits: 0n }), '1.2.3.4');
});

test('a range is an address and a length', () => {
  for (const text of ['10.0.0.0/8', '0.0.0.0/0', 'fd00::/64', '1.2.3.4/32', '::/128'])
    assert.equal(formatAddressRange(parseAddressRange(text) ?? assert.fail(text)), text);
  for (const text of [
    '10.0.0.0',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/08',
    'fd00::/129',
    '/8',
    '1.2.3.4/8/8',
    '1.2.3.4/-1',
  ])
    assert.equal(parseAddressRange(text), undefined);
  assert.equal(formatIPAddress(networkOf(parseAddressRange('10.1.2.3/12') ?? assert.fail())), '10.0.0.0');
});

test('a range is within another one of the same family', () => {
  const isWithin = (inner: string, outer: string): boolean => {
    const [a, b] = [parseAddressRange(inner), parseAddressRange(outer)];
    return a !== undefined && b !== undefined && isStrictlyWithin(a, b);
  };
  assert.ok(isWithin('10.1.0.0/16', '10.0.0.0/8'));
  assert.ok(!isWithin('10.0.0.0/8', '10.0.0.0/8'));
  assert.ok(!isWithin('11.0.0.0/16', '10.0.0.0/8'));
  assert.ok(!isWithin('::/16', '0.0.0.0/0'));
});
