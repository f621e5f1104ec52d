import type { Base, Change } from '../../test/oracle/change.ts';

/** Changes of the YAML itself: what it means rather than what is written in it. */
export function textChanges(base: Base): readonly Change[] {
  const lines = base.text.split('\n').filter((line) => line !== '');
  const [first = ''] = lines;
  return [...wholeText(first), ...lines.flatMap((line, index) => lineChanges(line, lines[index + 1] ?? ''))];
}

const SECOND_OBJECT = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: second}\n';
const SECOND_JSON = '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "second"}}\n';

function wholeText(first: string): readonly Change[] {
  const before = (text: string): Change => ({ kind: 'text', from: '', to: text });
  const after = (text: string): Change => ({ kind: 'append', text });
  return [
    ...[
      '---\n',
      '\ufeff',
      '# comment\n',
      '%YAML 1.1\n---\n',
      '%YAML 1.2\n---\n',
      '%TAG ! x\n---\n',
      '--- # comment\n',
      '---\n---\n',
      '\n\n',
      ' ',
      '\t',
      '...\n',
      `${SECOND_OBJECT}---\n`,
      `${SECOND_OBJECT}---\n\ufeff`,
      SECOND_JSON,
      '--- ',
      '---\ttext\n',
    ].map(before),
    ...[
      '---\n',
      '...\n',
      '---\n---\n',
      `---\n${SECOND_OBJECT}`,
      `--- \n${SECOND_OBJECT}`,
      `---\n${SECOND_JSON}`,
      SECOND_JSON,
      SECOND_OBJECT,
      '# end',
      '\t\n',
      '   \n',
      '\u0000',
      '---\nnull\n',
      '---\n[]\n',
      '---\ntext\n',
      `...\n---\n${SECOND_OBJECT}`,
      '--- # more\n',
      'x: &a [1]\n',
      'x: *a\n',
      `${first}\n`,
    ].map(after),
    { kind: 'text', from: first, to: `${first}\r` },
    { kind: 'text', from: first, to: `${first}\n${first}` },
    { kind: 'text', from: first, to: `"${first.replace(':', '":')}` },
    { kind: 'text', from: first, to: `? ${first.replace(': ', '\n: ')}` },
  ];
}

/** Of one line: its indentation, its separators, its quotes, merge keys, anchors, tags. */
function lineChanges(line: string, next: string): readonly Change[] {
  const indent = /^ */.exec(line)?.[0] ?? '';
  const key = /^( *(?:- )?)([\w.-]+): (.+)$/.exec(line);
  const to = (text: string): Change => ({ kind: 'text', from: `${line}\n`, to: `${text}\n` });
  const always = [
    to(` ${line}`),
    to(indent === '' ? `\t${line}` : line.slice(1)),
    to(line.replace(/^ {1,2}/, '\t')),
    to(`${line}\t`),
    to(`${line} # note`),
    to(`${line}#note`),
    to(`${line}\n${line}`),
    to(`${line}\n\n# between\n`),
    to(`${line},`),
  ];
  if (key === null) return always;
  const [, start = '', name = '', value = ''] = key;
  const field = start.replace('-', ' ');
  return [
    ...always,
    to(`${start}${name}:${value}`),
    to(`${start}${name}:\t${value}`),
    to(`${start}${name} : ${value}`),
    to(`${start}"${name}": ${value}`),
    to(`${start}${name}: !!str ${value}`),
    to(`${start}${name}: !custom ${value}`),
    to(`${start}${name}: &anchor ${value}`),
    to(`${start}${name}: *missing`),
    to(`${start}${name}: >\n${field}  ${value}`),
    to(`${start}${name}: |-\n${field}  ${value}`),
    to(`${start}${name}:\n${field}  ${value}`),
    to(`${start}${name}: "${value}`),
    to(`${start}${name}: '${value}'`),
    to(`${start}${name}: {{ .Values.${name} }}`),
    to(`${start}<<: {${name}: ${value}}`),
    to(`${start}<<: {${name}: other}\n${field}${name}: ${value}`),
    to(`${line}\n${field}<<: {${name}: other}`),
    to(`${line}\n${field}<<: [{${name}: other}, {notAField: 1}]`),
    to(`${line}\n${field}<<: text`),
    to(`${line}\n${field}<<: null`),
    to(`${line}\n${field}1: x`),
    to(`${line}\n${field}null: x`),
    to(`${line}\n${field}true: x`),
    to(`${line}\n${field}[a]: x`),
    ...(next === '' ? [] : [{ kind: 'text', from: `${line}\n${next}`, to: `${next}\n${line}` } as const]),
  ];
}
