import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainPaint } from '../../src/base/paint.ts';
import { groupsOf, nextRow, rowTitle, type Row } from '../../src/view/progress/board.ts';
import { fitHeight, type LineState, type ScreenLine } from '../../src/view/progress/window.ts';
import { openProgress } from '../../src/view/progress/progress.ts';
import { readScreen } from './screen.ts';
import { setup, up } from './steps.ts';

function group(text: string): ScreenLine {
  return { kind: 'group', state: 'running', text };
}
function rows(state: LineState, ...texts: readonly string[]): readonly ScreenLine[] {
  return texts.map((text) => ({ kind: 'row', state, text }));
}
function output(...texts: readonly string[]): readonly ScreenLine[] {
  return texts.map((text) => ({ kind: 'output', state: 'running', text }));
}

const SCREEN: readonly ScreenLine[] = [
  group('images'),
  ...rows('done', 'i1', 'i2', 'i3'),
  group('web'),
  ...rows('done', 'pod'),
  ...rows('running', 'setup'),
  ...output('one', 'two'),
  ...rows('waiting', 'a', 'b', 'c'),
];

test('lines that fit are unchanged', () => {
  assert.equal(fitHeight(SCREEN, 12, 80).length, 12);
});

const windows: readonly (readonly [number, string])[] = [
  [10, 'web pod setup one two a b c … 3 more: 3 done'],
  [7, 'web setup one two a b … 5 more: 1 waiting, 4 done'],
  [5, 'web setup one two … 7 more: 3 waiting, 4 done'],
  [4, 'web setup two … 7 more: 3 waiting, 4 done'],
  [3, 'web setup … 7 more: 3 waiting, 4 done'],
];
for (const [height, expected] of windows)
  test(`on a screen of ${height} lines`, () => {
    const shown = fitHeight(SCREEN, height, 80);
    assert.ok(shown.length <= height);
    assert.equal(shown.join(' '), expected);
  });

test('of many running rows the first are shown, the others counted', () => {
  const many = [
    group('web'),
    ...rows('running', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
    ...rows('waiting', 'x'),
  ];
  assert.equal(fitHeight(many, 5, 80).join(' '), 'web a b c … 6 more: 5 running, 1 waiting');
});

test('a terminal without any height', () => {
  assert.ok(fitHeight(SCREEN, 1, 80).length <= 1);
});

/** The row of `init/setup`, with this name. */
function running(name: string): Row {
  const row = groupsOf(up)
    .flatMap((found) => found.rows)
    .find(({ step }) => step === setup);
  assert.ok(row !== undefined);
  return nextRow(
    { ...row, name, nameWidth: name.length },
    { kind: 'step-started', step: setup, attempt: 1 },
    0,
  );
}

const titles: readonly (readonly [number, string])[] = [
  [80, 'container/a-name-that-is-long  running, 1 min 5 s'],
  [44, '…/a-name-that-is-long     running, 1 min 5 s'],
  [34, 'a-name…is-long  running, 1 min 5 s'],
  [28, 'a-nam…s-long  running, 1 mi…'],
  [20, 'a-nam…s-long  runni…'],
];
for (const [columns, expected] of titles)
  test(`the name is cut, and not the state: ${columns} columns`, () => {
    const title = rowTitle(running('container/a-name-that-is-long'), 65_000, columns, plainPaint);
    assert.equal(title, expected);
    assert.ok(title.length <= columns);
  });

test('no line is wider than the terminal, from the first frame on', async () => {
  let written = '';
  const progress = await openProgress('tty', {
    terminal: { write: (text) => (written += text), columns: 16, rows: 7 },
    paint: plainPaint,
    verbose: false,
    clock: { now: () => 0, sleep: () => new Promise((resolve) => setTimeout(resolve, 20)) },
  });
  progress.emit({ kind: 'plan-started', plan: up });
  for (let look = 0; look < 500 && !written.includes('pod/web'); look++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  await progress.close();
  const { frames } = readScreen(written.replaceAll('\n', '\r\n'));
  assert.ok(frames.length > 0);
  // A terminal makes a new line of each line break. log-update breaks what is too wide, and goes on at the beginning of the next line.
  for (const line of frames.flatMap((frame) => frame.split('\n')))
    assert.match(line, /^(?:[^ ] |  [^ ] |…|$)/u, JSON.stringify(frames));
});
