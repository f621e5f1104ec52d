import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Diagnostic } from '../../src/base/diagnostic.ts';
import { plainPaint, type Paint } from '../../src/base/paint.ts';
import { diagnosticsJson, renderDiagnostics } from '../../src/view/diagnostics/diagnostics.ts';

const tagged: Paint = (tone, text) => `<${tone}>${text}</${tone}>`;

function mistake(line: number, column: number, rest: Partial<Diagnostic> = {}, length?: number): Diagnostic {
  return {
    code: 'wrong-value',
    severity: 'error',
    message: 'is wrong',
    location: { file: 'pod.yaml', line, column, ...(length === undefined ? {} : { length }) },
    ...rest,
  };
}

function render(diagnostics: readonly Diagnostic[], text: string, columns?: number): string {
  return renderDiagnostics(
    diagnostics,
    new Map([['pod.yaml', text]]),
    plainPaint,
    columns === undefined ? {} : { columns },
  );
}

test('a misspelled field, with its line, a marker and a suggestion', () => {
  const diagnostic = mistake(
    2,
    7,
    {
      path: 'spec.containers[0].volumeMounts[0]',
      message: "unknown field 'mountPaht'",
      suggestion: 'mountPath',
    },
    9,
  );
  assert.equal(
    render([diagnostic], '    volumeMounts:\n    - mountPaht: /app\n'),
    [
      "pod.yaml:2:7: error: spec.containers[0].volumeMounts[0]: unknown field 'mountPaht', did you mean 'mountPath'?",
      '    2 |     - mountPaht: /app',
      '      |       ^^^^^^^^^',
      '',
      '1 error in 1 file.',
      "'podpose fix pod.yaml' shows the fix of it.",
      '',
    ].join('\n'),
  );
});

test('a warning about an ignored field that fix mends', () => {
  const edits = [{ location: { file: 'pod.yaml', line: 1, column: 1 }, length: 0, text: 'b: 1\n' }];
  const shown = (more: Partial<Diagnostic>) =>
    render([mistake(1, 1, { severity: 'warning', edits, ...more })], 'a: 1').includes('podpose fix pod.yaml');
  assert.deepEqual([shown({ isIgnored: true }), shown({})], [true, false]);
});

test('help of several lines is indented', () => {
  assert.equal(
    render([mistake(1, 1, { severity: 'warning', help: 'Do this.\nThen that.' })], 'a: 1'),
    [
      'pod.yaml:1:1: warning: is wrong',
      '    1 | a: 1',
      '      | ^',
      '   help: Do this.',
      '         Then that.',
      '',
      '1 warning in 1 file.',
      '',
    ].join('\n'),
  );
});

test('each part has its tone', () => {
  const text = renderDiagnostics(
    [mistake(1, 4, { severity: 'warning', help: 'Do this.' })],
    new Map([['pod.yaml', 'a: 1']]),
    tagged,
  );
  assert.equal(
    text,
    [
      '<strong>pod.yaml:1:4:</strong> <warning>warning:</warning> is wrong',
      '<faint>    1 | </faint>a: 1',
      '<faint>      | </faint>   <warning>^</warning>',
      '   <strong>help:</strong> Do this.',
      '',
      '1 warning in 1 file.',
      '',
    ].join('\n'),
  );
});

test('the marker stands right after tabs and wide characters', () => {
  assert.equal(
    render([mistake(1, 9, {}, 3)], '\tname: 漢字 bad').split('\n')[1],
    '    1 |     name: 漢字 bad',
  );
  assert.equal(render([mistake(1, 8, {}, 2)], '\tname: 漢字 bad').split('\n')[2], '      |           ^^^^');
  assert.equal(
    render([mistake(1, 11, {}, 3)], '\tname: 漢字 bad').split('\n')[2],
    '      |                ^^^',
  );
  // One picture made of four code points, and an accent that has no width.
  assert.equal(render([mistake(1, 10)], '👨‍👩‍👧: x').split('\n')[2], '      |    ^');
  assert.equal(render([mistake(1, 4)], 'e\u0301: x').split('\n')[2], '      |   ^');
});

test('a long line is cut around the marked part', () => {
  const line = `${'a'.repeat(300)}HERE${'b'.repeat(300)}`;
  const [, source = '', marker = ''] = render([mistake(1, 301, {}, 4)], line, 60).split('\n');
  assert.equal(source, `    1 | …${'a'.repeat(27)}HERE${'b'.repeat(19)}…`);
  assert.equal(marker, `      | ${' '.repeat(28)}^^^^`);
  assert.equal(source.length, 60);

  const [, begun = '', mark = ''] = render([mistake(1, 1, {}, 200)], 'x'.repeat(400), 60).split('\n');
  assert.equal(begun, `    1 | ${'x'.repeat(31)}…${'x'.repeat(19)}…`);
  assert.equal(mark, `      | ${'^'.repeat(32)}`);
});

test('a line of millions of characters is fast', () => {
  const line = `${'漢'.repeat(1_000_000)}: x`;
  const before = performance.now();
  render(
    Array.from({ length: 50 }, (_, index) => mistake(1, 500_000 + index)),
    line,
    80,
  );
  assert.ok(performance.now() - before < 2000);
});

test('control characters of a source are escaped', () => {
  const text = render(
    [mistake(1, 1, { message: 'bad \u001B[2J value' })],
    'a: \u001B[31m\u0007\u009B\u202Eb\r\n',
  );
  assert.match(text, /error: bad ␛\[2J value/);
  assert.match(text, /a: ␛\[31m␇<U\+009B><U\+202E>b\n/);
});

test('a location outside the source has no frame', () => {
  assert.equal(render([mistake(9, 1)], 'a: 1'), 'pod.yaml:9:1: error: is wrong\n\n1 error in 1 file.\n');
});

test('the end of the file can be marked', () => {
  assert.deepEqual(
    render([mistake(1, 5)], 'a: 1')
      .split('\n')
      .slice(1, 3),
    ['    1 | a: 1', '      |     ^'],
  );
});

test('standard input is shown as <stdin>', () => {
  const diagnostic = mistake(1, 1, { location: { file: '-', line: 1, column: 1 } });
  const text = renderDiagnostics([diagnostic], new Map([['-', 'a: 1']]), plainPaint);
  assert.match(text, /^<stdin>:1:1: error/);
  assert.match(text, /1 \| a: 1/);
});

test('a single failure without a location has no summary', () => {
  const diagnostic: Diagnostic = {
    code: 'podman-failed',
    severity: 'error',
    message: 'no podman',
    help: 'Install it.',
  };
  assert.equal(render([diagnostic], ''), 'error: no podman\n   help: Install it.\n');
});

test('in file order, without duplicates, with a summary', () => {
  const text = render(
    [
      { code: 'podman-failed', severity: 'error', message: 'at the end' },
      mistake(2, 1, { severity: 'warning', message: 'third' }),
      mistake(1, 3, { message: 'second' }),
      mistake(1, 1, { message: 'first' }),
      mistake(1, 3, { message: 'second' }),
      mistake(1, 1, { message: 'elsewhere', location: { file: 'a.yaml', line: 1, column: 1 } }),
    ],
    'a: b\nc: d\n',
  );
  assert.deepEqual(
    text.split('\n').filter((line) => /error|warning/.test(line)),
    [
      'a.yaml:1:1: error: elsewhere',
      'pod.yaml:1:1: error: first',
      'pod.yaml:1:3: error: second',
      'pod.yaml:2:1: warning: third',
      'error: at the end',
      '4 errors, 1 warning in 2 files.',
    ],
  );
});

test('beyond the limit they are counted, errors first', () => {
  const many = [
    ...Array.from({ length: 110 }, (_, index) =>
      mistake(index + 1, 1, { severity: 'warning', message: `n ${index}` }),
    ),
    mistake(200, 1),
  ];
  const lines = render(many, '').trimEnd().split('\n');
  assert.equal(lines.filter((line) => line.includes(': warning:')).length, 99);
  assert.ok(lines.includes('pod.yaml:200:1: error: is wrong'));
  assert.equal(lines.at(-1), '1 error, 110 warnings in 1 file; 11 messages not shown.');
});

test('the same mistake at several places is one message', () => {
  const number = (column: number, value: string, rest: Partial<Diagnostic> = {}) =>
    mistake(1, column, { message: `must be a string, got ${value}`, help: `Quote it: "${value}".`, ...rest });
  const file = { file: 'b.yaml', line: 7, column: 1 };
  const text = render(
    [
      number(1, '1', { path: 'a' }),
      number(3, '2', { path: 'b' }),
      number(4, '2', { severity: 'warning' }),
      number(0, '3', { location: file }),
      mistake(1, 6, { message: "unknown field 'x'" }),
      mistake(1, 8, { message: "unknown field 'y'" }),
      { code: 'no-such-pod', severity: 'error', message: 'no such pod' },
    ],
    'a: b',
  );
  assert.deepEqual(
    text.split('\n').filter((line) => !line.includes('|')),
    [
      'b.yaml:7:1: error: must be a string, got 3',
      '   help: Quote it: "3".',
      '   also: pod.yaml:1:1: a, got 1',
      '         pod.yaml:1:3: b, got 2',
      'pod.yaml:1:4: warning: must be a string, got 2',
      '   help: Quote it: "2".',
      "pod.yaml:1:6: error: unknown field 'x'",
      "pod.yaml:1:8: error: unknown field 'y'",
      'error: no such pod',
      '',
      '6 errors, 1 warning in 2 files.',
      '',
    ],
  );
  const many = Array.from({ length: 3000 }, (_, index) => mistake(index + 1, 1));
  assert.deepEqual(render(many, '').trimEnd().split('\n').slice(-4), [
    '         pod.yaml:11:1',
    '         and 2989 more places',
    '',
    '3000 errors in 1 file.',
  ]);
});

test('no diagnostics, no output', () => {
  assert.equal(render([], 'a: 1'), '');
});

test('a message with a huge value is shortened', () => {
  assert.ok(render([mistake(1, 1, { message: 'x'.repeat(1_000_000) })], 'a: 1').length < 1200);
});

test('as JSON, complete and in order', () => {
  assert.deepEqual(
    JSON.parse(
      diagnosticsJson([
        mistake(2, 1, { severity: 'warning' }),
        mistake(1, 3, { path: 'spec', suggestion: 'b', help: 'Do.' }, 4),
      ]),
    ),
    {
      formatVersion: '1.0',
      valid: false,
      errors: 1,
      warnings: 1,
      notes: 0,
      diagnostics: [
        {
          code: 'wrong-value',
          severity: 'error',
          rule: 'kubernetes',
          file: 'pod.yaml',
          line: 1,
          column: 3,
          endLine: 1,
          endColumn: 7,
          path: 'spec',
          message: 'is wrong',
          suggestion: 'b',
          help: 'Do.',
        },
        {
          code: 'wrong-value',
          severity: 'warning',
          rule: 'kubernetes',
          file: 'pod.yaml',
          line: 2,
          column: 1,
          endLine: 2,
          endColumn: 2,
          message: 'is wrong',
        },
      ],
    },
  );
  assert.deepEqual(JSON.parse(diagnosticsJson([])), {
    formatVersion: '1.0',
    valid: true,
    errors: 0,
    warnings: 0,
    notes: 0,
    diagnostics: [],
  });
});
