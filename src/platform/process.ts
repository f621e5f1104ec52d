/** The one thing that podpose does to the world besides reading files: it runs other programs. */
export interface ProcessRunner {
  /**
   * Runs a program to its end and gives what it printed. For short answers.
   * @param cancel ends the program: an answer is no longer wanted
   */
  readonly query: (
    program: string,
    args: readonly string[],
    cancel?: AbortSignal,
  ) => Promise<ProcessEnd & ProcessOutput>;
  /** Runs a program, perhaps with something to read, and hands on its lines when it has ended. For short work. */
  readonly execute: StartProcess;
  /** The same, with each line handed on as it is printed. For long work. */
  readonly start: StartProcess;
  /** Runs a program and gives what it prints as it is asked for: while nobody asks, the program waits. For much output. */
  readonly read: (program: string, args: readonly string[]) => ReadProcess;
}

export interface ReadProcess {
  /** What it prints to standard output, to be read to its end. */
  readonly output: AsyncIterable<Buffer>;
  /** How it ended, once all its output was read, and what it last said on standard error. */
  readonly end: Promise<ProcessEnd & Pick<ProcessOutput, 'stderr'>>;
  /** Ends it, whether its output was read or not. */
  readonly stop: () => void;
}

export type StartProcess = (
  program: string,
  args: readonly string[],
  onLine: OnLine,
  input?: Uint8Array,
) => RunningProcess;

export interface RunnerSettings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Is told each command just before it is run: for `--verbose`. */
  readonly onCommand?: (program: string, args: readonly string[]) => void;
}

export type Stream = 'stdout' | 'stderr';
export type OnLine = (line: string, stream: Stream) => void;

export interface RunningProcess {
  readonly end: Promise<ProcessEnd>;
  readonly kill: (signal: 'SIGTERM' | 'SIGKILL') => void;
}

/** How a program ended: by itself with a code, by a signal, at its time limit, or without having been started at all. */
export type ProcessEnd =
  | { readonly kind: 'exited'; readonly exitCode: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  /** It was ended because it gave no answer within its time limit. */
  | { readonly kind: 'timed-out'; readonly seconds: number }
  | {
      readonly kind: 'not-started';
      readonly reason: 'not-found' | 'not-executable' | 'too-long' | 'other';
      readonly message: string;
    };

export interface ProcessOutput {
  readonly stdout: string;
  readonly stderr: string;
}

export function succeeded(end: ProcessEnd): boolean {
  return end.kind === 'exited' && end.exitCode === 0;
}
