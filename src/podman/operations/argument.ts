import type { ApiCall } from '../client/api-call.ts';

/**
 * One argument of a command. Most are plain text. A few hold what only podman can tell, and only once the
 * steps before are done: the folder of a volume, the user of an image, a value that an init container has written.
 * Those are asked for just before the command runs, and in a printed plan they are the shell's `"$(podman ...)"`.
 */
export type Argument = string | AskedArgument;

export interface AskedArgument {
  readonly before: string;
  /** The arguments of the podman command whose output, without its last line break, is put here. */
  readonly ask: readonly string[];
  /**
   * What the answer ends with, and what is taken away from it: a shell would take away line breaks. Where there is no
   * answer, the shell does not run the command.
   */
  readonly end?: '.';
  readonly after: Argument;
}

/** A command with the program left out of it: podman's own arguments, or those of another program. */
export interface Command {
  readonly program: Program;
  readonly args: readonly Argument[];
  /** What the command reads from its standard input. */
  readonly input?: Input;
  /** The requests to podman's API that come to the same, where it has them. */
  readonly api?: ApiCall;
}

export type Input = SecretInput | ScriptInput;

/** The secret value, and nothing else. */
export interface SecretInput extends SecretPart {
  readonly kind: 'secret';
}

/** A script for a POSIX shell. A part that is a secret stands for words that print its value. */
export interface ScriptInput {
  readonly kind: 'script';
  readonly parts: readonly (string | SecretPart)[];
}

/**
 * A secret value, which is in no argument: those can be seen by every user of the machine. In a printed plan it is
 * read from a file that an environment variable names.
 */
export interface SecretPart {
  readonly fingerprint: string;
  /** Names the environment variable. */
  readonly variable: string;
  /** What the value is, in words: `variable PASSWORD of pod/web container/app`. */
  readonly holds: string;
}

/** `podman` stands for whichever podman the user has chosen. */
export type Program = 'podman' | 'mkdir' | 'touch' | 'sh';

/** The folder in which podman keeps the contents of a volume, with something after it. */
export function volumeDirectory(volume: string, after = ''): AskedArgument {
  return { before: '', ask: ['volume', 'inspect', '--format', '{{.Mountpoint}}', volume], after };
}

/** podman's id of the infra container of a pod. */
export function infraContainer(pod: string): AskedArgument {
  return { before: '', ask: ['pod', 'inspect', '--format', '{{.InfraContainerID}}', pod], after: '' };
}

export function podmanWith(args: readonly Argument[]): Command {
  return { program: 'podman', args };
}
