import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

/** A program and its arguments. */
export type Command = readonly [string, ...string[]];

/** What running commands needs. */
export interface Surroundings {
  /** The directory for what the bench writes. Removed in the end. */
  readonly directory: string;
  /** Given when the person who started the bench has had enough. */
  readonly stop: AbortSignal;
}

/**
 * Runs a command to its end; gives its standard output. Throws with what it said when it fails: a time of
 * something that did not work is worth nothing.
 */
export async function runCommand(command: Command, { directory, stop }: Surroundings): Promise<string> {
  stop.throwIfAborted();
  const [program, ...args] = command;
  // Files, not pipes: a container's monitor that keeps a pipe open would make the command seem longer than it
  // is.
  const paths = [`${directory}/stdout`, `${directory}/stderr`] as const;
  const out = openSync(paths[0], 'w');
  const error = openSync(paths[1], 'w');
  try {
    // In a group of its own: Ctrl-C is for the bench, which ends in order when this command has.
    const child = spawn(program, args, { stdio: ['ignore', out, error], detached: true });
    const end = await new Promise<string | number>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (exitCode, signal) => {
        resolve(signal ?? exitCode ?? 'unknown');
      });
    });
    if (end !== 0) {
      throw new Error(`${command.join(' ')} ended with ${end}:\n${readFileSync(paths[1], 'utf8')}`);
    }
    return readFileSync(paths[0], 'utf8');
  } finally {
    closeSync(out);
    closeSync(error);
  }
}
