import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainPaint, type Paint } from '../../src/base/paint.ts';
import { terminalPalette } from '../../src/view/terminal/colour.ts';
import { cutEnd, cutStart, displayWidth, padEnd } from '../../src/view/terminal/display-width.ts';
import { formatAge, formatElapsed } from '../../src/view/terminal/duration.ts';
import { parse } from 'yaml';
import { escapeUnsafe, sanitize } from '../../src/base/sanitize.ts';
import { yamlText } from '../../src/view/plan/yaml-text.ts';
import { plainLine } from '../../src/view/progress/plain-line.ts';
import { logPrefix } from '../../src/view/logs.ts';
import { renderTable } from '../../src/view/terminal/table.ts';

test('the width of a text on a terminal', () => {
  const widths: readonly (readonly [string, number])[] = [
    ['', 0],
    ['plain', 5],
    ['漢字', 4],
    ['한글', 4],
    ['ﾊﾝ', 2],
    ['Ａ', 2],
    ['e\u0301', 1],
    ['🙂', 2],
    ['👨‍👩‍👧', 2],
    ['🇩🇪', 2],
    ['❤\uFE0F', 2],
    ['✔', 1],
    ['…', 1],
    ['𠀀', 2],
    ['\u200B', 0],
  ];
  for (const [text, width] of widths) assert.equal(displayWidth(text), width, text);
});

test('a text is cut between characters', () => {
  assert.equal(cutEnd('abcdef', 6), 'abcdef');
  assert.equal(cutEnd('abcdef', 5), 'abcd…');
  assert.equal(cutStart('abcdef', 5), '…cdef');
  assert.equal(cutEnd('漢字漢字', 6), '漢字…');
  assert.equal(cutStart('漢字漢字', 6), '…漢字');
  assert.equal(cutEnd('abc', 1), '…');
  assert.equal(cutStart('abc', 1), '…');
  assert.equal(cutEnd('abc', 0), '');
  assert.equal(padEnd('漢', 4), '漢  ');
});

test('program output is reduced to one line', () => {
  assert.equal(sanitize('a\tb\u0000c'), 'a    b␀c');
  // A zero width space and a byte order mark make a name that looks right and is not; joiners are part of scripts and emoji.
  assert.equal(
    sanitize('busybox\u200b \ufeffx \u2060y a\u200db'),
    'busybox<U+200B> <U+FEFF>x <U+2060>y a\u200db',
  );
  const tag = '\u{e0041}';
  const hidden = `web${tag}\u00ad\u115f\u3164\u034f\u180e\ufe00\u{e0100}\u206a\ufff0\u{1d173}`;
  assert.equal(
    sanitize(hidden),
    'web<U+E0041><U+00AD><U+115F><U+3164><U+034F><U+180E><U+FE00><U+E0100><U+206A><U+FFF0><U+1D173>',
  );
  assert.equal(escapeUnsafe(JSON.stringify(hidden)).match(/[^\0-~]/), null);
  assert.equal(JSON.parse(escapeUnsafe(JSON.stringify(hidden))), hidden);
  assert.match(yamlText({ hidden }), /\\U000e0041\\u00ad/);
  assert.deepEqual(parse(yamlText({ hidden })), { hidden });
  assert.equal(sanitize('\u2764\ufe0f \u{1f469}\u200d\u{1f467}'), '\u2764\ufe0f \u{1f469}\u200d\u{1f467}');
  // What a program printed is shown as logs show it.
  assert.equal(plainLine(`a${tag}\u00ad\u009b`), `a${tag}\u00ad<U+009B>`);
  assert.equal(plainLine('\u001B[1;31mred\u001B[0m\u001B[2K '), 'red');
  assert.equal(plainLine('\u001B]0;title\u0007text'), 'text');
  assert.equal(plainLine('10%\r55%\r100%'), '100%');
  assert.equal(plainLine('100%\r'), '100%');
});

test('elapsed times', () => {
  const elapsed: readonly (readonly [number, string])[] = [
    [0.04, '0.0 s'],
    [3.21, '3.2 s'],
    [9.94, '9.9 s'],
    [9.96, '10 s'],
    [59.4, '59 s'],
    [59.6, '1 min'],
    [125, '2 min 5 s'],
    [3600, '1 h'],
    [3840, '1 h 4 min'],
  ];
  for (const [seconds, text] of elapsed) assert.equal(formatElapsed(seconds), text);
});

test('ages in the format of kubectl', () => {
  const [minute, hour, day, year] = [60, 3600, 86400, 365 * 86400];
  const ages: readonly (readonly [number, string])[] = [
    [-1, '0s'],
    [1, '1s'],
    [70, '70s'],
    [119, '119s'],
    [2 * minute, '2m'],
    [190, '3m10s'],
    [70 * minute, '70m'],
    [179 * minute, '179m'],
    [3 * hour, '3h'],
    [3 * hour + 10 * minute, '3h10m'],
    [47 * hour, '47h'],
    [49 * hour, '2d1h'],
    [8 * day + 2 * hour, '8d'],
    [367 * day, '367d'],
    [2 * year + 25 * day, '2y25d'],
    [4 * year, '4y'],
    [12 * year + 100 * day, '12y'],
  ];
  for (const [seconds, text] of ages) assert.equal(formatAge(seconds), text);
});

test('a table has no borders and nothing after its last column', () => {
  const paint: Paint = (tone, text) => `<${tone}>${text}</${tone}>`;
  const rows = [
    [{ text: 'web', tone: 'strong' as const }, { text: '1/1' }],
    [{ text: '漢字web' }, { text: '' }],
  ];
  assert.equal(renderTable(['NAME', 'READY'], rows, plainPaint), 'NAME      READY\nweb       1/1\n漢字web\n');
  assert.equal(
    renderTable(['NAME', 'READY'], rows.slice(0, 1), paint),
    'NAME   READY\n<strong>web</strong>    1/1\n',
  );
});

test('log lines are prefixed with their containers', () => {
  const sources = [
    { pod: 'web', container: 'setup' },
    { pod: 'web', container: 'nginx' },
    { pod: 'database', container: 'db' },
  ];
  const prefix = logPrefix(sources, { noPrefix: false, palette: (number, text) => `${number}:${text}` });
  assert.equal(prefix({ pod: 'web', container: 'nginx' }, false), '1:web nginx   | ');
  assert.equal(prefix({ pod: 'database', container: 'db' }, true), '2:database db |');
  assert.equal(prefix({ pod: 'web', container: 'one-more-to-come' }, false), '3:web one-more-to-come | ');

  const bare = logPrefix(sources, { noPrefix: true, palette: terminalPalette(true) });
  assert.equal(bare({ pod: 'web', container: 'nginx' }, false), '');
});
