import type { Argument, Command, ScriptInput } from './argument.ts';
import { ALL_UNSAFE, isUnsafe } from '../../base/sanitize.ts';
import { scriptText } from './input.ts';

/**
 * A command as one line for a POSIX shell, quoted only where necessary. The lines after it are its script, if it has
 * one.
 */
export function shellLine(command: Command, podman = 'podman'): string {
  const program = command.program === 'podman' ? podman : command.program;
  const asked: string[] = [];
  const args = command.args.map((argument) => shellWord(argument, podman, asked));
  const answers = asked.flatMap((question, index) => [`${answerName(index)}="$(${question})"`, '&&']);
  const words = [...answers, quote(program), ...args];
  const { input } = command;
  if (input === undefined) return words.join(' ');
  return input.kind === 'secret'
    ? [...words, `<${secretFile(input.variable)}`].join(' ')
    : withScript(words, input);
}

/** A secret value is not printed. The variable names a file with it; where it is unset, the shell stops with the message. */
export function secretFile(variable: string): string {
  return `"\${${variable}:?set it to the path of a file with the secret value}"`;
}

/** The script receives the files with secrets as additional arguments. */
function withScript(words: readonly string[], input: ScriptInput): string {
  const variables = [
    ...new Set(input.parts.flatMap((part) => (typeof part === 'string' ? [] : [part.variable]))),
  ];
  const text = scriptText(input, ({ variable }) => `cat -- "\${${variables.indexOf(variable) + 2}}"`);
  let end = 'END';
  while (text.split('\n').includes(end)) end += '_';
  return `${[...words, ...variables.map(secretFile)].join(' ')} <<'${end}'\n${text}${end}`;
}

/** @param asked receives the queries whose answers must be complete: they run before the command */
function shellWord(argument: Argument, podman: string, asked: string[]): string {
  if (typeof argument === 'string') return quote(argument);
  const question = [podman, ...argument.ask.args].map(quote).join(' ');
  const before = argument.before === '' ? '' : quote(argument.before);
  const answer = argument.end === undefined ? `"$(${question})"` : wholeAnswer(argument.end, question, asked);
  const after = argument.after === '' ? '' : shellWord(argument.after, podman, asked);
  return `${before}${answer}${after}`;
}

function wholeAnswer(end: string, question: string, asked: string[]): string {
  asked.push(question);
  return `"\${${answerName(asked.length - 1)}%${end}}"`;
}

function answerName(index: number): string {
  return `answer${index + 1}`;
}

/**
 * Quotes a word for a POSIX shell. Single quotes preserve everything, line breaks included. Characters that affect the
 * terminal, or hide their neighbours, become octal escapes of printf: the pasted word is exact.
 */
export function quote(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return isUnsafe(word) ? printed(word) : inQuotes(word);
}

function inQuotes(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The shell removes line breaks at the end of a command's output, so that they follow the substitution. */
function printed(word: string): string {
  const [, text = '', end = ''] = /^(.*?)(\n*)$/s.exec(word) ?? [];
  // A leading dash would be an option of printf.
  const format = text.replace(/[\\%]/g, doubled).replace(ALL_UNSAFE, octal).replace(/^-/, octal);
  return `"$(printf ${inQuotes(format)})"${end === '' ? '' : inQuotes(end)}`;
}

function octal(character: string): string {
  const bytes = [...new TextEncoder().encode(character)];
  return bytes.map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}

/** Text that printf would parse as the beginning of an escape or a conversion. */
function doubled(character: string): string {
  return character + character;
}
