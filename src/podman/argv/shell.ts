import type { Argument, Command, ScriptInput } from './argument.ts';
import { scriptText } from './input.ts';

/**
 * A command as one line for a POSIX shell, quoted only where the shell would otherwise change something. A script that
 * it reads stands on the lines behind it.
 */
export function shellLine(command: Command, podman = 'podman'): string {
  const program = command.program === 'podman' ? podman : command.program;
  const words = [quote(program), ...command.args.map((argument) => shellWord(argument, podman))];
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

function shellWord(argument: Argument, podman: string): string {
  if (typeof argument === 'string') return quote(argument);
  const asked = [podman, ...argument.ask].map(quote).join(' ');
  const before = argument.before === '' ? '' : quote(argument.before);
  const after = argument.after === '' ? '' : quote(argument.after);
  return `${before}"$(${asked})"${after}`;
}

/** Quotes a word for a POSIX shell. Single quotes leave everything as it is, also line breaks. */
export function quote(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
