import { spawn, type ChildProcess } from 'node:child_process';
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
 * The process runner of the real world.
 *
 * Every program gets a process group of its own: a Ctrl-C at the terminal reaches podpose alone, which then
 * decides what becomes of the running commands. Nothing is killed when podpose itself ends: a podman command
 * that is under way had better finish. For that, what stops or removes something writes to a file: a podman
 * that warns while it stops a container would be ended by a pipe that nobody reads any more, and the
 * container would run on. What only asks (`query`, `read`) and what is followed line by line (`start`: pulls,
 * and init containers, which have nothing to stop by then) has a pipe. The podman that a broken one ends
 * leaves a container that the next run finds, or an image that it pulls again.
 *
 * What a program reads is in a file, too: it gets all of it, or is not started.
 *
 * What is short is done with what node has. execa, which takes longer to load than podman to answer a question, is
 * loaded only where something is followed line by line.
 */
export function nodeRunner({ env, onCommand }: RunnerSettings): ProcessRunner {
  return {
    query: async (program, args, cancel) => {
      if (cancel?.aborted === true) return CANCELLED;
      onCommand?.(program, args);
      const question = run(program, args, env, {});
      const onCancel = () => {
        cancelGently(question.cancel);
      };
      cancel?.addEventListener('abort', onCancel, { once: true });
      const answer = await question.end;
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
  };
}

/** How a question ends that was cancelled before it was asked. */
export const CANCELLED: ProcessEnd & ProcessOutput = {
  kind: 'signalled',
  signal: 'SIGTERM',
  stdout: '',
  stderr: '',
};

/** How long a program that only looks may take to end when it is asked to. */
const END_MILLISECONDS = 300;

/** A program that was stopped (SIGSTOP) or that waits for a disk ends at SIGKILL only. */
function cancelGently(kill: Spawned['cancel']): void {
  kill('SIGTERM');
  AbortSignal.timeout(END_MILLISECONDS).addEventListener('abort', () => {
    kill('SIGKILL');
  });
}

/**
 * Ends a program that only looks. Where podman is a script, the podman that it runs may hold the pipes for
 * ever.
 */
function endQuestion(child: ChildProcess, signal: NodeJS.Signals): void {
  child.kill(signal);
  if (signal !== 'SIGKILL') return;
  child.stdout?.destroy();
  child.stderr?.destroy();
}

/** Of what a program complains about, so many characters of the end are kept. */
const KEPT_COMPLAINTS = 4096;

/** A pipe holds its program up while nobody reads. */
function read(program: string, args: readonly string[], env: RunnerSettings['env']): ReadProcess {
  const child = spawnSafely(program, args, env, 'ignore');
  if ('kind' in child)
    return { output: nothing(), end: Promise.resolve({ ...child, stderr: '' }), stop: () => undefined };
  let complaints = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaints = `${complaints}${chunk.toString('utf8')}`.slice(-KEPT_COMPLAINTS);
  });
  return {
    output: outputOf(child),
    end: howItEnds(child).then((end) => ({ ...end, stderr: complaints.replace(/\n$/, '') })),
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
    // It was stopped.
    if (!stdout.destroyed) throw error;
  }
}

async function* nothing(): AsyncGenerator<Buffer> {
  // It was not started.
}

/** Nothing is known of a program's output until it has ended. */
interface Spawned {
  readonly end: Promise<ProcessEnd & ProcessOutput>;
  readonly kill: RunningProcess['kill'];
  /** For a program that only looks. */
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
      endQuestion(child, signal);
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
    // Arguments that are too long, for one, are refused at once.
    return notStarted(errorCode(error), error instanceof Error ? error.message : String(error));
  }
}

interface RunOptions {
  readonly input?: Uint8Array | undefined;
  /** It goes on when podpose ends, whatever it prints. */
  readonly survives?: boolean;
}

function feed({ stdin }: ChildProcess, input: Uint8Array): void {
  // A program that ends without having read it all says itself what is wrong.
  stdin?.on('error', () => undefined);
  stdin?.end(input);
}

/** What a short answer may hold, in bytes: that of thousands of containers is a tenth of it. */
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
  const end = await howItEnds(child);
  over.abort();
  if (files !== undefined) {
    size = outputSize(files);
    if (size <= LONGEST_ANSWER) {
      output.stdout.push(readOutput(files.stdout, size));
      output.stderr.push(readOutput(files.stderr, size));
    }
    closeOutputs(files);
  }
  if (size > LONGEST_ANSWER) return { ...end, stdout: '', stderr: 'Error: it prints without end' };
  return { ...end, stdout: textOf(output.stdout), stderr: textOf(output.stderr) };
}

/** How often the size of files is looked at that a program prints to, in milliseconds. */
const LOOK_AT_FILES = 500;

/** A file that grows without end takes up the memory, or the disk, that the directory is in. */
function endIfTooLong(child: ChildProcess, files: OutputFiles, over: AbortSignal): void {
  AbortSignal.timeout(LOOK_AT_FILES).addEventListener('abort', () => {
    if (over.aborted) return;
    if (outputSize(files) > LONGEST_ANSWER) child.kill('SIGKILL');
    else endIfTooLong(child, files, over);
  });
}

/** A program that prints without end is no podman that could be believed. */
function endWithout(child: ChildProcess, output: Readonly<Record<Stream, Buffer[]>>): void {
  child.kill('SIGKILL');
  child.stdout?.destroy();
  child.stderr?.destroy();
  output.stdout.length = 0;
  output.stderr.length = 0;
}

function howItEnds(child: ChildProcess): Promise<ProcessEnd> {
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

/** Without the line break at the end. */
function textOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8').replace(/\n$/, '');
}
