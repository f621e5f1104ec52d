import { spawn, type ChildProcess } from 'node:child_process';
import { notStarted } from './not-started.ts';
import type {
  OnLine,
  ProcessEnd,
  ProcessOutput,
  ProcessRunner,
  ReadProcess,
  RunnerSettings,
  RunningProcess,
  Stream,
} from './process.ts';

/**
 * The process runner of the real world.
 *
 * Every program gets a process group of its own: a Ctrl-C at the terminal reaches podpose alone, which then
 * decides what becomes of the running commands. Nothing is killed when podpose itself ends: a podman command
 * that is under way had better finish.
 *
 * What is short is done with what node has. execa, which takes longer to load than podman to answer a question, is
 * loaded only where something is followed line by line.
 */
export function nodeRunner({ env, onCommand }: RunnerSettings): ProcessRunner {
  return {
    query: (program, args) => {
      onCommand?.(program, args);
      return run(program, args, env).end;
    },
    execute: (program, args, onLine, input) => {
      onCommand?.(program, args);
      const { end, kill } = run(program, args, env, input);
      return { end: handOn(end, onLine), kill };
    },
    start: (program, args, onLine, input) => {
      onCommand?.(program, args);
      const starting = import('./execa-start.ts').then(({ execaStart }) =>
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
}

function run(
  program: string,
  args: readonly string[],
  env: RunnerSettings['env'],
  input?: Uint8Array,
): Spawned {
  const child = spawnSafely(program, args, env, input === undefined ? 'ignore' : 'pipe');
  if ('kind' in child)
    return { end: Promise.resolve({ ...child, stdout: '', stderr: '' }), kill: () => undefined };
  if (input !== undefined) feed(child, input);
  return { end: endOf(child), kill: (signal) => void child.kill(signal) };
}

type NotStarted = Extract<ProcessEnd, { readonly kind: 'not-started' }>;

function spawnSafely(
  program: string,
  args: readonly string[],
  env: RunnerSettings['env'],
  stdin: 'ignore' | 'pipe',
): ChildProcess | NotStarted {
  try {
    return spawn(program, args, { env, stdio: [stdin, 'pipe', 'pipe'], detached: true });
  } catch (error) {
    // Arguments that are too long, for one, are refused at once.
    return notStarted(undefined, error instanceof Error ? error.message : String(error));
  }
}

function feed({ stdin }: ChildProcess, input: Uint8Array): void {
  // A program that ends without having read it all says itself what is wrong.
  stdin?.on('error', () => undefined);
  stdin?.end(input);
}

/** What a short answer may hold, in bytes: that of thousands of containers is a tenth of it. */
const LONGEST_ANSWER = 24 * 1024 * 1024;

async function endOf(child: ChildProcess): Promise<ProcessEnd & ProcessOutput> {
  const output = { stdout: Array<Buffer>(), stderr: Array<Buffer>() };
  let size = 0;
  const keep = (chunks: Buffer[]) => (chunk: Buffer) => {
    size += chunk.length;
    if (size <= LONGEST_ANSWER) chunks.push(chunk);
    else endWithout(child, output);
  };
  child.stdout?.on('data', keep(output.stdout));
  child.stderr?.on('data', keep(output.stderr));
  const end = await howItEnds(child);
  if (size > LONGEST_ANSWER) return { ...end, stdout: '', stderr: 'Error: it prints without end' };
  return { ...end, stdout: textOf(output.stdout), stderr: textOf(output.stderr) };
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
