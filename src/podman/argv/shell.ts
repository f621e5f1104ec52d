import type { Argument, Command } from './argument.ts';

/** A command as one line for a POSIX shell, quoted only where the shell would otherwise change something. */
export function shellLine(command: Command, podman = 'podman'): string {
  const program = command.program === 'podman' ? podman : command.program;
  const words = [quote(program), ...command.args.map((argument) => shellWord(argument, podman))];
  const { input } = command;
  // A secret is not printed: whoever pastes the line says where it is, or is told that it is wanted.
  const from = input === undefined ? [] : [`<"\${${input.variable}:?a file with the value}"`];
  return [...words, ...from].join(' ');
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
