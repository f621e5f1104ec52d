import type { Argument, AskedArgument, Command, ScriptInput } from './argument.ts';
import { ALL_UNSAFE, isUnsafe } from '../../base/sanitize.ts';
import { scriptText } from './input.ts';

/**
 * A command as one line for a POSIX shell, quoted only where necessary. The lines after it are its script, if it has
 * one.
 */
export function shellLine(command: Command, podman = 'podman'): string {
  const program = command.program === 'podman' ? podman : command.program;
  const repeated = repeatedQuestions(command.args, podman);
  const asked: string[] = [];
  const args = command.args.map((argument) => shellWord(argument, { podman, repeated, asked }));
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

interface Questions {
  readonly podman: string;
  /** Those that several places of the command need the answer of. */
  readonly repeated: ReadonlySet<string>;
  /** Receives the questions that come before the command: those, and those whose answers must be complete. */
  readonly asked: string[];
}

function shellWord(argument: Argument, questions: Questions): string {
  if (typeof argument === 'string') return quote(argument);
  const before = argument.before === '' ? '' : quote(argument.before);
  const answer = answerWord(argument, questions);
  const after = argument.after === '' ? '' : shellWord(argument.after, questions);
  return `${before}${answer}${after}`;
}

function answerWord(argument: AskedArgument, { podman, repeated, asked }: Questions): string {
  const question = questionOf(argument, podman);
  const { end } = argument;
  if (end === undefined && !repeated.has(question)) return `"$(${question})"`;
  const known = end === undefined ? asked.indexOf(question) : -1;
  const index = known < 0 ? asked.push(question) - 1 : known;
  return end === undefined ? `"$${answerName(index)}"` : `"\${${answerName(index)}%${end}}"`;
}

function questionOf({ ask }: AskedArgument, podman: string): string {
  return [podman, ...ask.args].map(quote).join(' ');
}

function repeatedQuestions(args: readonly Argument[], podman: string): ReadonlySet<string> {
  const all = args.flatMap(askedIn).map((argument) => questionOf(argument, podman));
  return new Set(all.filter((question, index) => all.indexOf(question) !== index));
}

function askedIn(argument: Argument): readonly AskedArgument[] {
  return typeof argument === 'string' ? [] : [argument, ...askedIn(argument.after)];
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
