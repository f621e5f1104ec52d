import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import type { FileKey, Text } from '../../src/kube/spec/desired.ts';
import type { Argument } from '../../src/podman/operations/argument.ts';
import { askFileKey, fileKeyFlag } from '../../src/podman/operations/file-key.ts';
import { explainReport } from '../../src/podman/operations/reports.ts';
import { shellLine } from '../../src/podman/operations/shell.ts';
import { listArgument, textArgument } from '../../src/podman/operations/text.ts';

/*
 * Runs the real script that reads a key of a file in a volume, with a podman that has only one volume. For the format,
 * see pkg/kubelet/util/env of Kubernetes, which has a table like this one.
 */
const directory = mkdtempSync(join(tmpdir(), 'podpose-file-key-'));
const volume = join(directory, 'volume');
mkdirSync(volume);
const podman = join(directory, 'podman');
const SCRIPT = `#!/bin/sh
case $1 in
unshare) shift; exec "$@" ;;
volume) echo '${volume}' ;;
run) printf '<%s>' "$@" ;;
esac
`;
writeFileSync(podman, SCRIPT, { mode: 0o755 });
after(() => {
  rmSync(directory, { recursive: true });
});

interface Reference {
  readonly path?: string;
  readonly key?: string;
  readonly optional?: true;
  readonly otherwise?: string;
  readonly form?: 'plain' | 'json';
  readonly before?: string;
}

/** The answer without its end marker, or the error. */
function ask({ form = 'plain', before = '', path = 'app.env', key = 'KEY', ...rest }: Reference): string {
  const use = { pod: 'web', podman, use: 'variable URL', form };
  const asked = askFileKey(use, { volume: 'settings', path, key, ...rest }, before);
  const [unshare, program = '', ...args] = asked.ask.args;
  assert.equal(unshare, 'unshare');
  const { stdout, stderr, status } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) {
    assert.equal(stdout, '');
    const { message = stderr } = explainReport(status ?? 0, stderr.split('\n'), 'cannot') ?? {};
    return message.replace(/^cannot: variable URL takes key \S+ of \S+ in volume settings: /, 'ERROR ');
  }
  assert.equal(stderr, '');
  assert.equal(asked.end, '.');
  assert.ok(stdout.endsWith('.'), stdout);
  return stdout.slice(0, -1);
}

function read(text: string | Uint8Array, reference: Reference = {}): string {
  writeFileSync(join(volume, 'app.env'), text);
  return ask(reference);
}

const MISSING = 'ERROR the file has no value for this key';

const FORMAT: Readonly<Record<string, readonly [text: string, expected: string]>> = {
  'a value': ["KEY='value'\n", 'value'],
  'no line break at the end of the file': ["KEY='value'", 'value'],
  'the second variable': ["OTHER='1'\nKEY='2'\n", '2'],
  'the first of two with one name counts': ["KEY='1'\nKEY='2'\n", '1'],
  'a name is a whole one': ["MY_KEY='1'\nKEY_2='2'\n", MISSING],
  'spaces and tabs before the name': [" \t KEY='value'\n", 'value'],
  'empty lines and comments': ["# KEY='no'\n\n  \t\n   # more\nKEY='value'\n", 'value'],
  'a comment behind the value': ["KEY='value' # 'quoted'\n", 'value'],
  'a comment right behind the value': ["KEY='value'#more\n", 'value'],
  'spaces behind the value': ["KEY='value' \t\n", 'value'],
  'spaces in the value stay': ["KEY='  a  b  '\n", '  a  b  '],
  'nothing in a value is special': [
    'KEY=\'$A ${B} $(C) \\n \\\\ "d" `e` #f =g & % %s\'\n',
    '$A ${B} $(C) \\n \\\\ "d" `e` #f =g & % %s',
  ],
  'other letters': ["KEY='größer → 中文 🌍'\n", 'größer → 中文 🌍'],
  'several lines': ["KEY='one\n  two\n\n# three\nFOUR='\nOTHER='x'\n", 'one\n  two\n\n# three\nFOUR='],
  'line breaks at the end of a value stay': ["KEY='one\n\n'\n", 'one\n\n'],
  'a value of several lines before': ["OTHER='one\nKEY=two\n'\nKEY='value'\n", 'value'],
  'lines that end as on Windows': ["# x\r\nKEY='one\r\ntwo'\r\n", 'one\ntwo'],
  'a name with other characters': ["a.b-c='1'\nKEY='2'\n", '2'],
  'the key is in no value': ["OTHER='\nKEY='\n", MISSING],
  'no such key': ["OTHER='1'\n", MISSING],
  'an empty file': ['', MISSING],
  'an empty value is none': ["KEY=''\n", MISSING],
  'a space before the value makes it empty': ["KEY= 'value'\n", MISSING],
  'a space before another value': ["OTHER= 'x\nKEY='value'\n", 'value'],
  'without quotes': ['# x\nKEY=value\n', 'ERROR line 2 has a value that is not in single quotes'],
  'double quotes': ['KEY="value"\n', 'ERROR line 1 has a value that is not in single quotes'],
  'nothing behind the =': ['KEY=\n', 'ERROR line 1 has a value that is not in single quotes'],
  'another value without quotes before': [
    "OTHER=x\nKEY='value'\n",
    'ERROR line 1 has a value that is not in single quotes',
  ],
  'what is behind the key does not matter': ["KEY='value'\nOTHER\n", 'value'],
  'no =': ["OTHER\nKEY='value'\n", "ERROR line 1 has no '='"],
  'export, which is of shells': ["export KEY='value'\n", MISSING],
  'no name': ["='1'\nKEY='value'\n", "ERROR line 1 has no name before '='"],
  'a space before the =': ["OTHER = '1'\nKEY='value'\n", "ERROR line 1 has a space before '='"],
  'two quoted texts': ["KEY='a''b'\n", 'ERROR line 1 has text after the closing quote'],
  'a quote with a backslash before it': ["KEY='it\\'s'\n", 'ERROR line 1 has text after the closing quote'],
  'more behind the last line': ["KEY='a\nb'c\n", 'ERROR line 2 has text after the closing quote'],
  'a quote that is not closed': [
    "OTHER='1'\nKEY='value\nmore\n",
    'ERROR line 2 opens a quote that is not closed',
  ],
  'a quote of another that is not closed': ["OTHER='\nx\n", 'ERROR line 1 opens a quote that is not closed'],
  'a line that is too long': [`# ${'x'.repeat(70000)}\nKEY='value'\n`, 'ERROR line 1 is too long'],
  'a value that is too long': [
    `KEY='${`${'x'.repeat(999)}\n`.repeat(140)}'\n`,
    'ERROR the value is too long',
  ],
};

suite('the format of the file', () => {
  for (const [name, [text, expected]] of Object.entries(FORMAT))
    test(name, () => {
      assert.equal(read(text), expected);
    });

  test('a long value', () => {
    const value = `${'y'.repeat(60000)}\n`.repeat(2);
    assert.equal(read(`KEY='${value}'\n`), value);
  });

  test('any key that Kubernetes accepts', () => {
    for (const key of ['a.b-c', '1', '-f', '--', 'A\\B', '$A', 'a*', '"', '[x]']) {
      assert.equal(read(`OTHER='x'\n${key}='value'\n`, { key }), 'value', key);
      assert.equal(read(`OTHER='x'\n`, { key }), MISSING, key);
    }
  });
});

suite('the argument', () => {
  test('a prefix', () => {
    assert.equal(read("KEY='value'\n", { before: '--env=A\\n&=' }), '--env=A\\n&=value');
  });

  test('an optional value', () => {
    const optional: Reference = { before: '--env=A=', optional: true };
    assert.equal(read("KEY='value'\n", optional), '--env=A=value');
    assert.equal(read("OTHER='value'\n", optional), '--env-file=/dev/null');
    assert.equal(read("KEY=''\n", optional), '--env-file=/dev/null');
    assert.equal(ask({ ...optional, path: 'missing.env' }), '--env-file=/dev/null');
    assert.equal(read("OTHER='value'\n", { optional: true, otherwise: '$(KEY) \\n %s' }), '$(KEY) \\n %s');
    assert.equal(read("OTHER='value'\n", { optional: true, otherwise: '' }), '');
  });

  test('an invalid file is an error even if the key is optional', () => {
    assert.match(read('KEY=value\n', { optional: true }), /^ERROR line 1/);
  });

  test('in JSON', () => {
    const value = 'a"b\\c\td\ne\r\u0001\u001f/ü🌍';
    const said = read(`KEY='${value}'\n`, { form: 'json' });
    assert.equal(JSON.parse(`"${said}"`), value);
  });
});

suite('the file', () => {
  test('is in a directory', () => {
    mkdirSync(join(volume, 'a b'));
    writeFileSync(join(volume, 'a b', 'x.env'), "KEY='deep'\n");
    assert.equal(ask({ path: 'a b/x.env' }).replace(/^.*?: /, ''), 'deep');
  });

  test('is missing', () => {
    assert.equal(ask({ path: 'missing.env' }), 'ERROR no such file');
    symlinkSync('nowhere', join(volume, 'dangling'));
    assert.equal(ask({ path: 'dangling' }), 'ERROR no such file');
  });

  test('is a directory, or a pipe without a writer', () => {
    mkdirSync(join(volume, 'folder'));
    assert.equal(ask({ path: 'folder', optional: true }), 'ERROR not a regular file');
    assert.equal(spawnSync('mkfifo', [join(volume, 'pipe')]).status, 0);
    assert.equal(ask({ path: 'pipe' }), 'ERROR not a regular file');
  });

  test('is found through a link inside the volume', () => {
    writeFileSync(join(volume, 'real.env'), "KEY='linked'\n");
    symlinkSync('real.env', join(volume, 'link.env'));
    assert.equal(ask({ path: 'link.env' }), 'linked');
  });

  test('is not read through a link that leaves the volume', () => {
    const outside = join(directory, 'volume-of-others');
    mkdirSync(outside);
    writeFileSync(join(outside, 'app.env'), "KEY='secret'\n");
    symlinkSync(outside, join(volume, 'out'));
    symlinkSync('../volume-of-others/app.env', join(volume, 'up.env'));
    for (const path of ['out/app.env', 'up.env'])
      assert.equal(ask({ path, optional: true }), `ERROR ${path} is outside of the volume`);
  });
});

suite('in a printed command', () => {
  const owner = { pod: 'web', podman };
  const key: FileKey = { volume: 'settings', path: 'app.env', key: 'KEY' };
  const optional: FileKey = { ...key, key: 'NO', optional: true };
  const paste = (...args: readonly Argument[]) =>
    spawnSync('sh', ['-c', shellLine({ program: 'podman', args: ['run', ...args] }, podman)], {
      encoding: 'utf8',
    });

  test('each word is the same as without a shell', () => {
    const value = 'it\'s "a\\b" $HOME `x`\n\n'.replace("'", '’');
    writeFileSync(join(volume, 'app.env'), `KEY='${value}'\n`);
    const text: Text = {
      before: '<',
      fileKey: key,
      after: { before: '|', fileKey: { ...optional, otherwise: '$(NO)' }, after: '>' },
    };
    const { stdout, stderr, status } = paste(
      fileKeyFlag({ ...owner, use: 'variable A', form: 'plain' }, 'A', key),
      fileKeyFlag({ ...owner, use: 'variable B', form: 'plain' }, 'B', optional),
      textArgument(owner, text, 'an argument'),
      listArgument(owner, ['"sh"', text, '-c'], 'the command'),
      'end',
    );
    assert.equal(status, 0, stderr);
    const said = `<${value}|$(NO)>`;
    const list = JSON.stringify(['"sh"', said, '-c']).replaceAll('\\n', '\\u000a');
    const expected = ['run', `--env=A=${value}`, '--env-file=/dev/null', said, list, 'end'];
    assert.equal(stdout, expected.map((word) => `<${word}>`).join(''));
  });

  test('does not run if a value is missing', () => {
    writeFileSync(join(volume, 'app.env'), '');
    const { stdout, stderr, status } = paste(
      textArgument(owner, { before: '', fileKey: key, after: '' }, 'an argument'),
    );
    assert.equal(stdout, '');
    assert.equal(status, 64);
    assert.equal(
      stderr,
      'no-value-in-file\tan argument takes key KEY of app.env in volume settings\tno-key\t\n',
    );
  });
});
