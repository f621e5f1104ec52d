import { spawn, type ChildProcess } from 'node:child_process';
import { attachProcess } from './attached-process.ts';
import { errorCode, notStarted } from './not-started.ts';
import {
  closeFile,
  closeOutputs,
  openInput,
  openOutputs,
  outputSize,
  readOutput,
  type OutputFiles,
} from './nameless-files.ts';
import type {
  OnLine,
  ProcessEnd,
  ProcessOutput,
  ProcessRunner,
  ReadProcess,
  RunnerSettings,
  RunningProcess,
  Stream,
} from '../process.ts';

/**
 * Runs programs with node.
 *
 * Every program runs in its own process group: Ctrl-C at the terminal reaches only podpose, which then decides about
 * running commands. Programs are not killed when podpose ends: a running podman command should finish. Therefore
 * `execute`, for commands that stop or remove, writes the output to a file: a closed pipe would kill a podman that
 * prints a warning while it stops a container, and the container would stay running. Queries (`query`, `read`) and
 * followed commands (`start`: pulls and init containers, which have nothing to stop) use a pipe. A podman killed by a
 * closed pipe leaves a container that the next run finds, or an image that it pulls again.
 *
 * The input of a program is a file, too: it is complete, or the program is not started.
 *
 * Short commands use node only. execa takes longer to load than podman to answer a query, so that it is loaded only for
 * followed commands.
 */
export function nodeRunner({ env, onCommand }: RunnerSettings): ProcessRunner {
  return {
    query: async (program, args, cancel) => {
      if (cancel?.aborted === true) return CANCELLED;
      onCommand?.(program, args);
      const query = run(program, args, env, {});
      const onCancel = () => {
        cancelGently(query.cancel);
      };
      cancel?.addEventListener('abort', onCancel, { once: true });
      const answer = await query.end;
      cancel?.removeEventListener('abort', onCancel);
      return answer;
    },
    execute: (program, args, onLine, input) => {
      onCommand?.(program, args);
      const { end, kill } = run(program, args, env, { input, survives: true });
      return { end: handOn(end, onLine), kill };
    },
    start: (program, args, onLine, input) => {
      onCommand?.(program, args);
      const starting = import('./stream-process.ts').then(({ execaStart }) =>
        execaStart(program, args, env, onLine, input),
      );
      return {
        end: starting.then(({ end }) => end),
        kill: (signal) =>
          void starting.then((running) => {
            running.kill(signal);
          }),
      };
    },
    read: (program, args) => {
      onCommand?.(program, args);
      return read(program, args, env);
    },
    attach: (command) => {
      const { program, args, userArgs } = command;
      onCommand?.(program, userArgs.length === 0 ? args : [...args, '...']);
      return attachProcess(command, env);
    },
  };
}

/** The end of a query that was cancelled before it started. */
export const CANCELLED: ProcessEnd & ProcessOutput = {
  kind: 'signalled',
  signal: 'SIGTERM',
  stdout: '',
  stderr: '',
};

/** The time limit for a cancelled query to end after SIGTERM. */
const END_MILLISECONDS = 300;

/** A stopped program (SIGSTOP), or one that waits for a disk, ends only with SIGKILL. */
function cancelGently(kill: Spawned['cancel']): void {
  kill('SIGTERM');
  AbortSignal.timeout(END_MILLISECONDS).addEventListener('abort', () => {
    kill('SIGKILL');
  });
}

/** Terminates a query. If podman is a shell script, the podman it runs may keep the pipes open forever. */
function terminateQuery(child: ChildProcess, signal: NodeJS.Signals): void {
  child.kill(signal);
  if (signal !== 'SIGKILL') return;
  child.stdout?.destroy();
  child.stderr?.destroy();
}

/** The number of characters of standard error that are kept, from its end. */
const KEPT_STDERR = 4096;

/** Reads the output through a pipe: the program blocks while nobody reads. */
function read(program: string, args: readonly string[], env: RunnerSettings['env']): ReadProcess {
  const child = spawnSafely(program, args, env, 'ignore');
  if ('kind' in child)
    return { output: nothing(), end: Promise.resolve({ ...child, stderr: '' }), stop: () => undefined };
  let lastErrors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    lastErrors = `${lastErrors}${chunk.toString('utf8')}`.slice(-KEPT_STDERR);
  });
  return {
    output: outputOf(child),
    end: endOfChild(child).then((end) => ({ ...end, stderr: lastErrors.replace(/\n$/, '') })),
    stop: () => {
      child.kill('SIGTERM');
      child.stdout?.destroy();
    },
  };
}

async function* outputOf({ stdout }: ChildProcess): AsyncGenerator<Buffer> {
  if (stdout === null) return;
  try {
    for await (const chunk of stdout) yield chunk as Buffer;
  } catch (error) {
    // The program was stopped.
    if (!stdout.destroyed) throw error;
  }
}

async function* nothing(): AsyncGenerator<Buffer> {
  // The program was not started.
}

/** A program whose output is available when it has ended. */
interface Spawned {
  readonly end: Promise<ProcessEnd & ProcessOutput>;
  readonly kill: RunningProcess['kill'];
  /** For queries only. */
  readonly cancel: (signal: NodeJS.Signals) => void;
}

function run(
  program: string,
  args: readonly string[],
  env: RunnerSettings['env'],
  { input, survives = false }: RunOptions,
): Spawned {
  const files = survives ? openOutputs(env) : undefined;
  const inputFile = input === undefined ? undefined : openInput(env, input);
  const stdin = inputFile ?? (input === undefined ? 'ignore' : 'pipe');
  const child = spawnSafely(program, args, env, stdin, files);
  if (inputFile !== undefined) closeFile(inputFile);
  if ('kind' in child) {
    if (files !== undefined) closeOutputs(files);
    const end = Promise.resolve({ ...child, stdout: '', stderr: '' });
    return { end, kill: () => undefined, cancel: () => undefined };
  }
  if (input !== undefined && inputFile === undefined) feed(child, input);
  return {
    end: endOf(child, files),
    kill: (signal) => void child.kill(signal),
    cancel: (signal) => {
      terminateQuery(child, signal);
    },
  };
}

type NotStarted = Extract<ProcessEnd, { readonly kind: 'not-started' }>;

function spawnSafely(
  program: string,
  args: readonly string[],
  env: RunnerSettings['env'],
  stdin: 'ignore' | 'pipe' | number,
  files?: OutputFiles,
): ChildProcess | NotStarted {
  try {
    const outputs = files === undefined ? ['pipe' as const, 'pipe' as const] : [files.stdout, files.stderr];
    return spawn(program, args, { env, stdio: [stdin, ...outputs], detached: true });
  } catch (error) {
    // Some errors are thrown at once, such as arguments that are too long.
    return notStarted(errorCode(error), error instanceof Error ? error.message : String(error));
  }
}

interface RunOptions {
  readonly input?: Uint8Array | undefined;
  /** The program keeps running when podpose ends, even if it prints. */
  readonly survives?: boolean;
}

function feed({ stdin }: ChildProcess, input: Uint8Array): void {
  // A program that ends before it has read all input reports the cause itself.
  stdin?.on('error', () => undefined);
  stdin?.end(input);
}

/** The size limit of a short answer, in bytes: ten times the answer for thousands of containers. */
const LONGEST_ANSWER = 24 * 1024 * 1024;

async function endOf(
  child: ChildProcess,
  files: OutputFiles | undefined,
): Promise<ProcessEnd & ProcessOutput> {
  const output = { stdout: Array<Buffer>(), stderr: Array<Buffer>() };
  let size = 0;
  const keep = (chunks: Buffer[]) => (chunk: Buffer) => {
    size += chunk.length;
    if (size <= LONGEST_ANSWER) chunks.push(chunk);
    else endWithout(child, output);
  };
  child.stdout?.on('data', keep(output.stdout));
  child.stderr?.on('data', keep(output.stderr));
  const over = new AbortController();
  if (files !== undefined) endIfTooLong(child, files, over.signal);
  const end = await endOfChild(child);
  over.abort();
  if (files !== undefined) {
    size = outputSize(files);
    if (size <= LONGEST_ANSWER) {
      output.stdout.push(readOutput(files.stdout, size));
      output.stderr.push(readOutput(files.stderr, size));
    }
    closeOutputs(files);
  }
  if (size > LONGEST_ANSWER) return { ...end, stdout: '', stderr: 'Error: the output is longer than 24 MiB' };
  return { ...end, stdout: textOf(output.stdout), stderr: textOf(output.stderr) };
}

/** The interval between checks of the size of output files, in milliseconds. */
const CHECK_INTERVAL_MILLISECONDS = 500;

/** Kills a program whose output file grows without limit and would fill the memory or the disk. */
function endIfTooLong(child: ChildProcess, files: OutputFiles, over: AbortSignal): void {
  AbortSignal.timeout(CHECK_INTERVAL_MILLISECONDS).addEventListener('abort', () => {
    if (over.aborted) return;
    if (outputSize(files) > LONGEST_ANSWER) child.kill('SIGKILL');
    else endIfTooLong(child, files, over);
  });
}

/** Kills a program that prints without limit, and discards its output. */
function endWithout(child: ChildProcess, output: Readonly<Record<Stream, Buffer[]>>): void {
  child.kill('SIGKILL');
  child.stdout?.destroy();
  child.stderr?.destroy();
  output.stdout.length = 0;
  output.stderr.length = 0;
}

function endOfChild(child: ChildProcess): Promise<ProcessEnd> {
  return new Promise<ProcessEnd>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      resolve(notStarted(error.code, error.message));
    });
    child.once('close', (exitCode, signal) => {
      if (exitCode !== null) resolve({ kind: 'exited', exitCode });
      else resolve({ kind: 'signalled', signal: signal ?? 'unknown' });
    });
  });
}

async function handOn(ending: Spawned['end'], onLine: OnLine): Promise<ProcessEnd> {
  const { stdout, stderr, ...end } = await ending;
  for (const line of linesOf(stdout)) onLine(line, 'stdout');
  for (const line of linesOf(stderr)) onLine(line, 'stderr');
  return end;
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(/\r?\n/);
}

/** Decodes the output without the final line break. */
function textOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8').replace(/\n$/, '');
}
