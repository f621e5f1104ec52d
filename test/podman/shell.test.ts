import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { isUnsafe } from '../../src/base/sanitize.ts';
import { quote } from '../../src/podman/operations/shell.ts';

/** The words after evaluation by a shell. */
function wordsIn(shell: string, words: readonly string[]): readonly string[] {
  const script = `printf '%s\\0' ${words.map(quote).join(' ')}`;
  const { stdout, stderr } = spawnSync(shell, ['-c', script], { encoding: 'buffer' });
  assert.equal(stderr.toString(), '', script);
  return stdout.toString('utf8').split('\0').slice(0, -1);
}

const AWKWARD = [
  '\u001b[31mred\u001b[0m',
  'a\u202eb\u2066c',
  'a\u200bb\ufeffc',
  '\u009b31m\u0085',
  '100%\u0007 \\n %s',
  'it\'s \u007f $HOME `id` "x"',
  'ends in a line break\r\n\n',
  '\n\n\u0007',
  '-n\u0001',
  'é\u200f€😀\u0001',
];

for (const shell of ['sh', 'bash'])
  void test(`a word with control characters is printed without them, and is exact in ${shell}`, () => {
    for (const word of AWKWARD)
      for (const line of quote(word).split('\n')) assert.ok(!isUnsafe(line), JSON.stringify(quote(word)));
    assert.deepEqual(wordsIn(shell, AWKWARD), AWKWARD);
  });

void test('any word is exact in a shell', () => {
  const character = fc.oneof(
    fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }),
    fc.constantFrom('\u001b', '\u0007', '\u202e', '\u0085', '\r', '\n', '%', '\\', "'", '"', '$', '`'),
  );
  const word = fc.array(character, { maxLength: 12 }).map((all) => all.join('').replaceAll('\0', ''));
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 40 }), (words) => {
      assert.deepEqual(wordsIn('sh', words), words);
    }),
    { numRuns: 50, seed: 1 },
  );
});

void test('a word that needs only quotes is quoted simply', () => {
  assert.equal(quote('two\nlines\tand a tab'), "'two\nlines\tand a tab'");
  assert.equal(quote('50% off'), "'50% off'");
});
