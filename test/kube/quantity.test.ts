import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareQuantities, parseQuantity, thousandths, wholeUnits } from '../../src/kube/spec/quantity.ts';

const LARGEST = (1n << 63n) - 1n;

/** Text, its whole units and its thousandths: both rounded away from zero. */
const accepted: readonly (readonly [string, bigint, bigint])[] = [
  ['0', 0n, 0n],
  ['00', 0n, 0n],
  ['+0', 0n, 0n],
  ['-0', 0n, 0n],
  ['0.0', 0n, 0n],
  ['0Ki', 0n, 0n],
  ['0e9', 0n, 0n],
  ['1', 1n, 1000n],
  ['01', 1n, 1000n],
  ['+1', 1n, 1000n],
  ['-1', -1n, -1000n],
  ['1.', 1n, 1000n],
  ['.5', 1n, 500n],
  ['0.5', 1n, 500n],
  ['-0.5', -1n, -500n],
  ['1.5', 2n, 1500n],
  ['2.000', 2n, 2000n],
  ['1n', 1n, 1n],
  ['999999n', 1n, 1n],
  ['1000001n', 1n, 2n],
  ['1u', 1n, 1n],
  ['1000u', 1n, 1n],
  ['1001u', 1n, 2n],
  ['1m', 1n, 1n],
  ['5m', 1n, 5n],
  ['100m', 1n, 100n],
  ['500m', 1n, 500n],
  ['999m', 1n, 999n],
  ['1000m', 1n, 1000n],
  ['1001m', 2n, 1001n],
  ['-1m', -1n, -1n],
  ['1.5m', 1n, 2n],
  ['0.1m', 1n, 1n],
  ['128974848000m', 128974848n, 128974848000n],
  ['1k', 1000n, 1_000_000n],
  ['1M', 1_000_000n, 1_000_000_000n],
  ['129M', 129_000_000n, 129_000_000_000n],
  ['1G', 10n ** 9n, 10n ** 12n],
  ['1.G', 10n ** 9n, 10n ** 12n],
  ['1T', 10n ** 12n, 10n ** 15n],
  ['1P', 10n ** 15n, 10n ** 18n],
  ['1E', 10n ** 18n, 10n ** 21n],
  ['1.25E', 125n * 10n ** 16n, 125n * 10n ** 19n],
  ['1Ki', 1024n, 1_024_000n],
  ['.5Ki', 512n, 512_000n],
  ['0.001Ki', 2n, 1024n],
  ['1Mi', 1n << 20n, 1000n << 20n],
  ['123Mi', 123n << 20n, 123_000n << 20n],
  ['1Gi', 1n << 30n, 1000n << 30n],
  ['1.5Gi', 1_610_612_736n, 1_610_612_736_000n],
  ['0.1Gi', 107_374_183n, 107_374_182_400n],
  ['1Ti', 1n << 40n, 1000n << 40n],
  ['1Pi', 1n << 50n, 1000n << 50n],
  ['1Ei', 1n << 60n, 1000n << 60n],
  ['-1Gi', -(1n << 30n), -(1000n << 30n)],
  ['1e3', 1000n, 1_000_000n],
  ['1E3', 1000n, 1_000_000n],
  ['1e+3', 1000n, 1_000_000n],
  ['1E+3', 1000n, 1_000_000n],
  ['1e03', 1000n, 1_000_000n],
  ['1e-3', 1n, 1n],
  ['129e6', 129_000_000n, 129_000_000_000n],
  ['1.5e2', 150n, 150_000n],
  ['.5e1', 5n, 5000n],
  ['1e0', 1n, 1000n],
  ['-1e3', -1000n, -1_000_000n],
  ['1e-10', 1n, 1n],
  ['0.00000000001', 1n, 1n],
  ['1e-999999999', 1n, 1n],
  ['9223372036854775807', LARGEST, LARGEST * 1000n],
  ['9223372036854775808', LARGEST, LARGEST * 1000n],
  ['100Ei', LARGEST, LARGEST * 1000n],
  ['10E', LARGEST, LARGEST * 1000n],
  ['-10E', -LARGEST, -LARGEST * 1000n],
  ['1e19', LARGEST, LARGEST * 1000n],
  ['1e999999999', LARGEST, LARGEST * 1000n],
  ['0.00000000000000000000000000000000000001e38', 1n, 1000n],
  ['100000000000000000000e-20', 1n, 1000n],
  // Without digits Go reads 0.
  ...['+', '-', '.', '-.', 'Ki', 'm', 'e3'].map((text) => [text, 0n, 0n] as const),
];

for (const [text, units, milli] of accepted)
  test(`the quantity ${text} is ${units.toString()} units, ${milli.toString()} thousandths`, () => {
    const quantity = parseQuantity(text);
    assert.ok(quantity);
    assert.equal(wholeUnits(quantity), units);
    assert.equal(thousandths(quantity), milli);
  });

const refused: readonly string[] = [
  '',
  ' ',
  ' 1',
  '1 ',
  '1 Gi',
  '1K',
  '1ki',
  '1mi',
  '1i',
  '.5i',
  '1gi',
  '1GB',
  '1GiB',
  '1Mb',
  '1B',
  '1e',
  '1e+',
  '1e3.5',
  '1e3k',
  '1E3Ki',
  '1.1.1',
  '1.1.M',
  '1+1.0M',
  '0.1mi',
  '0.1am',
  '--1',
  '+-1',
  '1_000',
  '1,5',
  '0x10',
  'aoeu',
  '-3.01i',
  '-3.01e-',
  'toString',
  '1toString',
  '1\n',
  '١',
  'Infinity',
  'NaN',
];

for (const text of refused)
  test(`${JSON.stringify(text)} is an invalid quantity`, () => {
    assert.equal(parseQuantity(text), undefined);
  });

const equal: readonly (readonly [string, string])[] = [
  ['0.5', '500m'],
  ['1024', '1Ki'],
  ['1e3', '1k'],
  ['1000m', '1'],
  ['128974848', '128974848000m'],
  ['1.5Gi', '1536Mi'],
  ['0', '-0'],
];

for (const [a, b] of equal)
  test(`${a} and ${b} are the same amount`, () => {
    assert.deepEqual(parseQuantity(a), parseQuantity(b));
  });

const ascending = ['-1Gi', '-1', '-1m', '0', '1n', '1m', '0.5', '1', '1k', '1Ki', '1M', '1Mi', '1Ei'];

test('amounts are compared by value, regardless of the suffix', () => {
  const sorted = [...ascending].reverse().sort((a, b) => {
    const [left, right] = [parseQuantity(a), parseQuantity(b)];
    assert.ok(left && right);
    return compareQuantities(left, right);
  });
  assert.deepEqual(sorted, ascending);
});
