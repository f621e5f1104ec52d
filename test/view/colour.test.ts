import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decideColour, terminalPaint, terminalPalette } from '../../src/view/terminal/colour.ts';

test('by default, colour is for terminals', () => {
  assert.equal(decideColour('auto', {}, true), true);
  assert.equal(decideColour('auto', {}, false), false);
  assert.equal(decideColour('auto', { TERM: 'dumb' }, true), false);
});

test('empty NO_COLOR and FORCE_COLOR are ignored', () => {
  assert.equal(decideColour('auto', { NO_COLOR: '1' }, true), false);
  assert.equal(decideColour('auto', { NO_COLOR: '' }, true), true);
  assert.equal(decideColour('auto', { FORCE_COLOR: '1' }, false), true);
  assert.equal(decideColour('auto', { FORCE_COLOR: '0' }, true), false);
  assert.equal(decideColour('auto', { FORCE_COLOR: '' }, false), false);
  assert.equal(decideColour('auto', { FORCE_COLOR: '1', NO_COLOR: '1' }, false), true);
});

test('the command line takes precedence', () => {
  assert.equal(decideColour('never', { FORCE_COLOR: '1' }, true), false);
  assert.equal(decideColour('always', { NO_COLOR: '1' }, false), true);
});

test('enabled paint colours regardless of standard output', () => {
  const paint = terminalPaint(true);
  assert.equal(paint('added', 'new'), '\u001B[32mnew\u001B[39m');
  assert.equal(paint('error', 'bad'), '\u001B[1m\u001B[31mbad\u001B[39m\u001B[22m');
  assert.equal(terminalPaint(false)('error', 'bad'), 'bad');
});

test('a palette begins again after its last colour', () => {
  const palette = terminalPalette(true);
  assert.equal(palette(0, 'x'), '\u001B[36mx\u001B[39m');
  assert.notEqual(palette(1, 'x'), palette(0, 'x'));
  assert.equal(palette(8, 'x'), palette(0, 'x'));
  assert.equal(terminalPalette(false)(1, 'x'), 'x');
});
