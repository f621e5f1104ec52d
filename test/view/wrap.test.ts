import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messages } from '../../src/cli/messages.ts';
import { plainPaint } from '../../src/base/paint.ts';
import type { Diagnostic } from '../../src/base/diagnostic.ts';
import { wrapLine } from '../../src/view/terminal/wrap.ts';
import { ONLY_THIS_MACHINE } from '../../src/view/status/port-words.ts';
import { renderOutcome } from '../../src/view/progress/outcome.ts';
import { terminalPaint } from '../../src/view/terminal/colour.ts';
import { app, log, setup } from './steps.ts';

const WARNING: Diagnostic = {
  code: 'limits-not-enforced',
  severity: 'warning',
  location: { file: 'pod.yaml', line: 12, column: 7 },
  path: 'spec.containers[0].resources',
  message: 'limits are of no effect for this user, whose cgroups have no controllers',
  help: 'Delegate the controllers cpu and memory to the user, and log in again.\nSecond line.',
};

/** What a terminal of so many columns is shown; a pipe where there is no number. */
function shownAt(columns: number | undefined) {
  const written: string[] = [];
  const stderr = {
    write: (text: string) => void written.push(text),
    pour: () => Promise.resolve(),
    isTTY: columns !== undefined,
    columns: columns ?? 120,
    rows: 24,
  };
  return { ...messages(stderr, 'plain', plainPaint), lines: () => written.join('').trimEnd().split('\n') };
}

test('on a terminal, diagnostics are wrapped and indented', () => {
  const terminal = shownAt(44);
  terminal.report([WARNING]);
  assert.deepEqual(terminal.lines(), [
    'pod.yaml:12:7: warning (podpose):',
    '   spec.containers[0].resources: limits are',
    '   of no effect for this user, whose cgroups',
    '   have no controllers',
    '   help: Delegate the controllers cpu and',
    '         memory to the user, and log in',
    '         again.',
    '         Second line.',
    '',
    '1 warning in 1 file.',
  ]);
});

test('addresses are wrapped', () => {
  const terminal = shownAt(80);
  terminal.say(`${ONLY_THIS_MACHINE}\n`);
  assert.deepEqual(terminal.lines(), [
    'Only this machine reaches 127.0.0.1. --host-ip 0.0.0.0, or hostIP at the port,',
    'opens it to the network.',
  ]);
});

test('outcomes are wrapped', () => {
  const failed = [{ step: setup, failure: { kind: 'stopped', because: 'interrupted' } as const }];
  const outcome = { status: 'interrupted' as const, succeeded: [], failed, skipped: [app, log], undone: [] };
  const text = renderOutcome(outcome, { project: 'shop', paint: plainPaint, columns: 40 });
  assert.ok(
    text.split('\n').every(({ length }) => length <= 40),
    text,
  );
  assert.match(text, /\nSkipped: pod\/web container\/app, pod\/web\n {3}container\/log\n/);
});

test('for a pipe, lines are not wrapped', () => {
  const pipe = shownAt(undefined);
  pipe.report([WARNING]);
  pipe.say(`${'word '.repeat(100)}end\n`);
  assert.equal(pipe.lines()[1]?.startsWith('   help: Delegate'), true);
  assert.equal(pipe.lines().length, 6);
});

test('colours have no width, and long words are not broken', () => {
  const red = terminalPaint(true)('error', 'four');
  assert.deepEqual(wrapLine(`1234 ${red} 1234 1234 four`, 20), [`1234 ${red} 1234 1234`, 'four']);
  const path = `/very/${'long/'.repeat(10)}path`;
  assert.deepEqual(wrapLine(`look at ${path} first`, 24, '  '), ['look at', `  ${path}`, '  first']);
  assert.deepEqual(wrapLine('a  b', 20), ['a  b']);
});
