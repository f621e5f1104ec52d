import { sanitize } from '../../base/sanitize.ts';
import type { Command, SecretPart } from '../../podman/operations/argument.ts';
import { secretFile } from '../../podman/operations/shell.ts';

/**
 * Gives each secret value of a plan's commands a variable of its own: names that differ only in characters that a
 * variable cannot have (`tls.key`, `tls-key`) would share one, and both files would get the same value.
 */
export function ownVariables(): (command: Command) => Command {
  const names = new Map<string, string>();
  return (command) =>
    mapSecrets(command, (part) => {
      const key = `${part.variable} ${part.fingerprint}`;
      const variable = names.get(key) ?? freeName(part.variable, new Set(names.values()));
      names.set(key, variable);
      return { ...part, variable };
    });
}

/**
 * The commands as one script for a POSIX shell. Where it needs secret values, it begins with the variables that name
 * their files, and the commands are one subshell that checks these first: a shell on a terminal stops no pasted line
 * for an error of the line before, and would create the pod without its secrets.
 */
export function scriptOf(commands: readonly Command[], lines: readonly string[]): string {
  const secrets = uniqueSecrets(commands);
  const script =
    secrets.length === 0 ? lines : [...announcement(secrets), '(', ...checks(secrets), ...lines, ')'];
  return script.map((line) => `${line}\n`).join('');
}

function announcement(secrets: readonly SecretPart[]): readonly string[] {
  const [noun, each] =
    secrets.length === 1 ? ['a secret value', 'the variable'] : ['secret values', 'each variable'];
  return [
    `# These commands need ${noun}. Before you run them, export ${each} with the path of a file that contains`,
    '# exactly the value, with no line break added:',
    ...secrets.map(({ variable, holds }) => `#   ${variable}: ${sanitize(holds)}`),
  ];
}

/** The file is opened, since a command that cannot read it may come after others. */
function checks(secrets: readonly SecretPart[]): readonly string[] {
  return secrets.map(({ variable }) => `: <${secretFile(variable)} || exit`);
}

function uniqueSecrets(commands: readonly Command[]): readonly SecretPart[] {
  const parts = commands.flatMap(secretParts);
  return [...new Map(parts.map((part) => [part.variable, part])).values()];
}

function secretParts({ input }: Command): readonly SecretPart[] {
  if (input === undefined) return [];
  if (input.kind === 'secret') return [input];
  return input.parts.flatMap((part) => (typeof part === 'string' ? [] : [part]));
}

function mapSecrets(command: Command, map: <P extends SecretPart>(part: P) => P): Command {
  const { input } = command;
  if (input === undefined) return command;
  if (input.kind === 'secret') return { ...command, input: map(input) };
  const parts = input.parts.map((part) => (typeof part === 'string' ? part : map(part)));
  return { ...command, input: { ...input, parts } };
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let number = 2, free = name; ; number += 1) {
    if (!taken.has(free)) return free;
    free = `${name}_${number}`;
  }
}
