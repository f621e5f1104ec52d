import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCommandLine } from '../../src/cli/parse/command-line.ts';
import type { CommandLine } from '../../src/cli/parse/command-line.ts';

function parsed(...args: readonly string[]): CommandLine {
  const request = parseCommandLine(args);
  assert.ok(request.ok, JSON.stringify(request));
  assert.ok(request.value.kind === 'run');
  return request.value.commandLine;
}

const flags: readonly (readonly [readonly string[], boolean | undefined])[] = [
  [[], undefined],
  [['-d'], true],
  [['--detach'], true],
  [['--detach=true'], true],
  [['--detach=false'], false],
  [['--detach=0'], false],
  [['-d=false'], false],
  [['-d=T'], true],
  [['-d', '--detach=false'], false],
  [['--detach=false', '-d'], true],
  [['-yd', '--detach=false'], false],
  [['--detach=false', '-yd'], true],
  [['--detach=false', '--detach=true', '--detach=false'], false],
];
for (const [args, expected] of flags)
  test(`up ${args.join(' ')}: detach is ${String(expected)}`, () => {
    assert.equal(parsed('up', ...args).values['detach'], expected);
  });

test('a flag before the command', () => {
  assert.equal(parsed('--verbose=false', 'up').values['verbose'], false);
  assert.equal(parsed('-v=true', 'up').values['verbose'], true);
});

test('a value after the short name and an equals sign', () => {
  assert.deepEqual(parsed('up', '-f=a.yaml', '-f', 'b.yaml', '-fc.yaml').values['file'], [
    'a.yaml',
    'b.yaml',
    'c.yaml',
  ]);
  assert.equal(parsed('-p=x', 'ps').values['project'], 'x');
  assert.equal(parsed('up', '--timeout=a=b').values['timeout'], 'a=b');
});

test('the last value of a repeated option takes precedence', () => {
  assert.equal(parsed('up', '-p', 'a', '--project=b').values['project'], 'b');
  assert.equal(parsed('-p', 'a', 'up', '-p', 'b').values['project'], 'b');
  assert.equal(parsed('down', '-t', '3', '-t', '-4').values['time'], '-4');
});

test('arguments after -- are not options', () => {
  const { values, operands } = parsed('up', '--', '--detach=false', '-f=x');
  assert.equal(values['detach'], undefined);
  assert.deepEqual(operands, ['--detach=false', '-f=x']);
});
