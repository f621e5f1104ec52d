import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';

/** A program and its arguments. */
export type Command = readonly [string, ...string[]];

/** Options of `up` that show its events, and the text of the event after its last start: its check follows. */
export const TO_LAST_START = ['--progress', 'json'] as const;
export const LAST_START = '"type":"plan-finished"';

/** What is needed to run commands. */
export interface Surroundings {
  /** The directory for the bench's files, removed at the end. */
  readonly directory: string;
  /** Aborted when the user stops the bench. */
  readonly stop: AbortSignal;
}

/**
 * Runs a command to its end and returns its standard output. Throws with its output if it fails: the time of a failed
 * command is meaningless.
 * @param env variables besides those of this process
 */
export async function runCommand(
  command: Command,
  { directory, stop }: Surroundings,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  stop.throwIfAborted();
  const [program, ...args] = command;
  // Files instead of pipes: a container's monitor that keeps a pipe open would make the command seem slower.
  const paths = [`${directory}/stdout`, `${directory}/stderr`] as const;
  const out = openSync(paths[0], 'w');
  const error = openSync(paths[1], 'w');
  try {
    // In its own process group: Ctrl-C reaches only the bench, which ends after this command.
    const child = spawn(program, args, {
      stdio: ['ignore', out, error],
      detached: true,
      env: { ...process.env, ...env },
    });
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

/** How often the standard error of a command is read while it runs. */
const POLL_MILLISECONDS = 2;

/**
 * Runs a command as `runCommand` does, and times it.
 * @param until a text in its standard error, such as an event of `--progress json`
 * @returns milliseconds to the text (to the end of the command if it does not occur), and to the end
 */
export async function timeCommand(
  command: Command,
  surroundings: Surroundings,
  env: Readonly<Record<string, string>>,
  until: string | undefined,
): Promise<{ readonly toText: number; readonly toEnd: number }> {
  const path = `${surroundings.directory}/stderr`;
  const start = performance.now();
  let size = 0;
  let foundAt: number | undefined;
  const look = (): void => {
    const length = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (until === undefined || foundAt !== undefined || length === size) return;
    size = length;
    if (readFileSync(path, 'utf8').includes(until)) foundAt = performance.now();
  };
  const polling = until === undefined ? undefined : setInterval(look, POLL_MILLISECONDS);
  try {
    await runCommand(command, surroundings, env);
  } finally {
    clearInterval(polling);
  }
  const toEnd = performance.now() - start;
  return { toText: foundAt === undefined ? toEnd : foundAt - start, toEnd };
}
