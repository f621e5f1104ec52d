/** Runs other programs: besides reading files, the only way in which podpose acts on the machine. */
export interface ProcessRunner {
  /**
   * Runs a program to its end and returns its output. For short answers.
   * @param cancel terminates the program
   */
  readonly query: (
    program: string,
    args: readonly string[],
    cancel?: AbortSignal,
  ) => Promise<ProcessEnd & ProcessOutput>;
  /** Runs a program, optionally with input, and passes on its lines when it has ended. For short commands. */
  readonly execute: StartProcess;
  /** The same, with each line passed on as it is printed. For long commands. */
  readonly start: StartProcess;
  /** Runs a program and returns its output on demand: the program blocks while nobody reads. For large output. */
  readonly read: (program: string, args: readonly string[]) => ReadProcess;
  /**
   * Runs a program with the standard input, output and error of podpose, and in its process group: at a terminal it is
   * the program that the user talks to.
   */
  readonly attach: (command: AttachedCommand) => AttachedProcess;
}

/** A command whose last arguments are the user's own. They are never printed or traced. */
export interface AttachedCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** Appended to `args`. */
  readonly userArgs: readonly string[];
}

export interface AttachedProcess {
  readonly end: Promise<ProcessEnd>;
  readonly kill: (signal: StopSignal) => void;
}

/** SIGHUP: the terminal was closed. */
export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

export interface ReadProcess {
  /** Standard output, to be read to its end. */
  readonly output: AsyncIterable<Buffer>;
  /** The end of the program and the last part of standard error, available after all output was read. */
  readonly end: Promise<ProcessEnd & Pick<ProcessOutput, 'stderr'>>;
  /** Terminates the program, whether its output was read or not. */
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
  /** Receives each command just before it runs, for `--verbose`. */
  readonly onCommand?: (program: string, args: readonly string[]) => void;
}

export type Stream = 'stdout' | 'stderr';
export type OnLine = (line: string, stream: Stream) => void;

export interface RunningProcess {
  readonly end: Promise<ProcessEnd>;
  readonly kill: (signal: 'SIGTERM' | 'SIGKILL') => void;
}

/** The end of a program: an exit code, a signal, a time limit, or a failed start. */
export type ProcessEnd =
  | { readonly kind: 'exited'; readonly exitCode: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  /** The program was terminated because it exceeded its time limit. */
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
