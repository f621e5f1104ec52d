import type {
  OnLine,
  ProcessEnd,
  ProcessOutput,
  ProcessRunner,
  RunningProcess,
} from '../../platform/process.ts';
import type { ApiCall } from './api-call.ts';

/** Something to ask podman that changes nothing: its arguments, and where podman's API has it, the requests that come to the same. */
export interface Query {
  readonly args: readonly string[];
  readonly api?: ApiCall;
}

/** What podman answered, and how the command ended. An answer of the API has the form that the command would have printed. */
export type Answer = ProcessEnd & ProcessOutput;

/** A command whose arguments are all known. */
export interface RunnableCommand {
  /** `podman` stands for the podman that the user has chosen. */
  readonly program: string;
  readonly args: readonly string[];
  /** What the command reads from its standard input. */
  readonly input?: Uint8Array;
  readonly api?: ApiCall;
}

/**
 * The one way to podman. There are two kinds of it: commands, and requests to the API of a podman that runs as a service,
 * which stand in for commands where they can.
 */
export interface PodmanClient {
  /** The podman program, as printed commands name it. */
  readonly program: string;
  /** Other programs of this machine, such as journalctl. */
  readonly processes: ProcessRunner;
  /**
   * Asks podman, and gives what it answers once it has ended.
   * @param cancel given when no answer is wanted any more
   */
  readonly query: (query: Query, cancel?: AbortSignal) => Promise<Answer>;
  /** Runs a command, and hands on its lines when it has ended. For short work. */
  readonly run: (command: RunnableCommand, onLine: OnLine) => RunningProcess;
  /** Runs a command, and hands on each line as it is printed. For long work. */
  readonly stream: (command: RunnableCommand, onLine: OnLine) => RunningProcess;
}

/** The client that runs a podman command for everything. */
export function commandClient(processes: ProcessRunner, program: string): PodmanClient {
  const named = (command: RunnableCommand) => (command.program === 'podman' ? program : command.program);
  return {
    program,
    processes,
    query: ({ args }, cancel) => processes.query(program, args, cancel),
    run: (command, onLine) => processes.execute(named(command), command.args, onLine, command.input),
    stream: (command, onLine) => processes.start(named(command), command.args, onLine, command.input),
  };
}

/** A podman command without anything to read. */
export function podmanCommand(...args: readonly string[]): RunnableCommand {
  return { program: 'podman', args };
}
