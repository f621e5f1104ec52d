import type { Argument, Command, ScriptInput } from './argument.ts';
import { ALL_UNSAFE, isUnsafe } from '../../base/sanitize.ts';
import { scriptText } from './input.ts';

/**
 * A command as one line for a POSIX shell, quoted only where the shell would otherwise change something. A script that
 * it reads stands on the lines behind it.
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

/** The script is given the names of the files with secrets behind its other arguments, of which it has one. */
function withScript(words: readonly string[], input: ScriptInput): string {
  const variables = [
    ...new Set(input.parts.flatMap((part) => (typeof part === 'string' ? [] : [part.variable]))),
  ];
  const text = scriptText(input, ({ variable }) => `cat -- "\${${variables.indexOf(variable) + 2}}"`);
  let end = 'END';
  while (text.split('\n').includes(end)) end += '_';
  return `${[...words, ...variables.map(secretFile)].join(' ')} <<'${end}'\n${text}${end}`;
}

/** @param asked is given the questions whose answers have to be whole: they are asked before the command. */
function shellWord(argument: Argument, podman: string, asked: string[]): string {
  if (typeof argument === 'string') return quote(argument);
  const question = [podman, ...argument.ask].map(quote).join(' ');
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
 * Quotes a word for a POSIX shell. Single quotes leave everything as it is, also line breaks. Characters that would act on a
 * terminal, or hide what stands beside them, are written as printf's octal escapes: what is pasted is still exact.
 */
export function quote(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return isUnsafe(word) ? printed(word) : inQuotes(word);
}

function inQuotes(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The shell takes line breaks at the end of what a command prints away: they stand behind it. */
function printed(word: string): string {
  const [, text = '', end = ''] = /^(.*?)(\n*)$/s.exec(word) ?? [];
  // A dash at the beginning would make it an option of printf.
  const format = text.replace(/[\\%]/g, doubled).replace(ALL_UNSAFE, octal).replace(/^-/, octal);
  return `"$(printf ${inQuotes(format)})"${end === '' ? '' : inQuotes(end)}`;
}

function octal(character: string): string {
  const bytes = [...new TextEncoder().encode(character)];
  return bytes.map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}

/** What printf would read as the beginning of an escape or of a conversion. */
function doubled(character: string): string {
  return character + character;
}
