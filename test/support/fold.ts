import assert from 'node:assert/strict';

/** The limit for lines of golden files, so that a reader sees the whole line. */
export const LONGEST_LINE = 160;

/** Marks a word that is broken because it exceeds a line. */
const CUT = '↩';
const CONTINUATION = ' \\\n    ';

/** Shorter JSON stays in its line. */
const SHORT_JSON = 60;
const LABEL_WITH_JSON = /'podpose\.([\w.-]+)=((?:[^'\n]|'\\'')*)'/g;

/**
 * The text of a golden file with no line longer than `LONGEST_LINE`. Long JSON in labels is replaced by `@1` and
 * printed below, each value once. `unfold` restores every byte.
 */
export function fold(text: string): string {
  const values: string[] = [];
  const withReferences = text.replace(LABEL_WITH_JSON, (word, label: string, quoted: string) => {
    const json = quoted.replaceAll(`'\\''`, "'");
    if (json.length < SHORT_JSON || !isCompactJson(json)) return word;
    if (!values.includes(json)) values.push(json);
    return `podpose.${label}=@${values.indexOf(json) + 1}`;
  });
  const printed = values.map((json, index) => `\n@${index + 1}\n${prettyJson(JSON.parse(json), '')}\n`);
  const folded = foldLines(withReferences + printed.join(''));
  assert.equal(unfold(folded), text, 'the folded text must stand for the same bytes');
  return folded;
}

/** The original text of a folded one. */
export function unfold(folded: string): string {
  const text = folded.replaceAll(`${CUT}\n`, '').replaceAll(CONTINUATION, ' ');
  const [commands = '', ...printed] = text.split(/\n@\d+\n/);
  const values = printed.map((json) => JSON.stringify(JSON.parse(json)));
  return commands.replace(/podpose\.([\w.-]+)=@(\d+)/g, (_, label: string, number: string) => {
    const json = values[Number(number) - 1] ?? '';
    return `'podpose.${label}=${json.replaceAll("'", `'\\''`)}'`;
  });
}

/** Breaks long lines between words, and words that exceed a line. */
function foldLines(text: string): string {
  return text
    .split('\n')
    .map((line) => (line.length <= LONGEST_LINE ? line : unitsOf(line).reduce(appendUnit, '')))
    .join('\n');
}

function appendUnit(folded: string, unit: string): string {
  const lastLine = folded.slice(folded.lastIndexOf('\n') + 1);
  if (folded === '') return cut(unit, 0);
  return lastLine.length + unit.length + ' '.length + ' \\'.length <= LONGEST_LINE
    ? `${folded} ${unit}`
    : folded + CONTINUATION + cut(unit, '    '.length);
}

/**
 * The column after the last space within the limit, if there is one.
 * @param column where it begins
 */
function cut(unit: string, column: number): string {
  const room = LONGEST_LINE - Buffer.byteLength(CUT) - column;
  if (unit.length <= room) return unit;
  const end = unit.lastIndexOf(' ', room - 1) + 1 || room;
  return `${unit.slice(0, end)}${CUT}\n${cut(unit.slice(end), 0)}`;
}

/** The words of a line. A flag and its value are one word, and so is a quoted text. */
function unitsOf(line: string): readonly string[] {
  const indent = /^ */.exec(line)?.[0] ?? '';
  const units: string[] = [];
  for (const word of wordsOf(line.slice(indent.length))) {
    const before = units.at(-1);
    if (before !== undefined && /^--[\w-]+$/.test(before) && !word.startsWith('-'))
      units.splice(-1, 1, `${before} ${word}`);
    else units.push(word);
  }
  return [indent + (units[0] ?? ''), ...units.slice(1)];
}

/** Splits at spaces; for shell lines, only at spaces outside of quotes. */
function wordsOf(text: string): readonly string[] {
  const words = text.match(/(?:'[^']*'|"(?:[^"\\]|\\.)*"|\\.|[^\s'"\\])+/g) ?? [];
  return words.join(' ') === text ? words : text.split(' ');
}

function isCompactJson(text: string): boolean {
  if (!/^[{[]/.test(text)) return false;
  return JSON.stringify(JSON.parse(text)) === text;
}

/** Joins pieces on one line if they fit. */
function prettyJson(value: unknown, indent: string): string {
  const flat = flatJson(value);
  if (indent.length + flat.length <= 120 || typeof value !== 'object' || value === null) return flat;
  const inner = `${indent}  `;
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  const members = Array.isArray(value)
    ? value.map((member: unknown) => prettyJson(member, inner))
    : Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${prettyJson(member, inner)}`);
  return `${open}\n${members.map((member) => inner + member).join(',\n')}\n${indent}${close}`;
}

function flatJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(flatJson).join(', ')}]`;
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${flatJson(member)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}
