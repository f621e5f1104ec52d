import type { Argument, Command, ScriptInput } from './argument.ts';
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

/** A secret is not printed: whoever pastes the line says where it is, or is told that it is wanted. */
function secretFile(variable: string): string {
  return `"\${${variable}:?a file with the value}"`;
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

/** Quotes a word for a POSIX shell. Single quotes leave everything as it is, also line breaks. */
export function quote(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
