import type { ApiCall } from '../client/api-call.ts';
import type { AttachedRun, ChangeStage, Query } from '../client/client.ts';
import { askInfraContainer, askVolumeDirectory } from '../client/queries.ts';

/**
 * One argument of a command. Most are plain text. A few contain a value that only podman knows, and only after earlier
 * steps: the directory of a volume, the user of an image, a value written by an init container. Those are queried just
 * before the command runs. A printed plan has the shell's `"$(podman ...)"` in their place.
 */
export type Argument = string | AskedArgument;

export interface AskedArgument {
  readonly before: string;
  /** The podman command whose output, without its last line break, is inserted here. */
  readonly ask: Query;
  /**
   * The end marker of the answer, which is removed: without it, the shell would remove trailing line breaks. Without an
   * answer, the command does not run.
   */
  readonly end?: '.';
  readonly after: Argument;
}

/** The text of an argument. What podman had to be asked for is known then. */
export type ValueOf = (argument: Argument) => string;

/** A command: podman with its arguments, or another program. */
export interface Command {
  readonly program: Program;
  readonly args: readonly Argument[];
  /** Standard input of the command. */
  readonly input?: Input;
  /** The equivalent requests to podman's API that change nothing, if there are any. */
  readonly api?: ApiCall;
  /** The equivalent requests that make the changes of this command. */
  readonly requests?: CommandRequests;
  /** It pulls an image: see `RunnableCommand`. */
  readonly isPull?: true;
}

export interface CommandRequests {
  /** What podman must be asked for in addition to the arguments of the command. */
  readonly asked?: readonly AskedArgument[];
  /** The container whose output and exit code are those of the command. The last stage starts it. */
  readonly attached?: AttachedRun;
  /** @param input standard input of the command; empty for none */
  readonly stages: (valueOf: ValueOf, input: Uint8Array) => readonly ChangeStage[];
}

/** A command whose arguments are all plain texts, without input. */
export interface PlainCommand {
  readonly program: Program;
  readonly args: readonly string[];
}

export type Input = SecretInput | ScriptInput;

/** The secret value only. */
export interface SecretInput extends SecretPart {
  readonly kind: 'secret';
}

/** A POSIX shell script. A secret part is replaced by a command that prints its value. */
export interface ScriptInput {
  readonly kind: 'script';
  readonly parts: readonly (string | SecretPart)[];
}

/**
 * A secret value. It is never in an argument, as every user of the machine can see arguments. A printed plan reads it
 * from a file that an environment variable names.
 */
export interface SecretPart {
  readonly fingerprint: string;
  /** The name of the environment variable. */
  readonly variable: string;
  /** What the value is, in words: `variable PASSWORD of pod/web container/app`. */
  readonly holds: string;
}

/** `podman` stands for the podman that the user has chosen. */
export type Program = 'podman' | 'chmod' | 'mkdir' | 'touch' | 'sh' | 'sleep' | 'node';

/** The directory of a podman volume, followed by `after`. */
export function volumeDirectory(volume: string, after = ''): AskedArgument {
  return { before: '', ask: askVolumeDirectory(volume), after };
}

/** podman's ID of the infra container of a pod. */
export function infraContainer(pod: string): AskedArgument {
  return { before: '', ask: askInfraContainer(pod), after: '' };
}

export function podmanWith(args: readonly Argument[]): Command {
  return { program: 'podman', args };
}
