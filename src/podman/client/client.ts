import type {
  AttachedProcess,
  OnLine,
  ProcessEnd,
  ProcessOutput,
  ProcessRunner,
  ReadProcess,
  RunningProcess,
} from '../../platform/process.ts';
import type { ApiRequest, ApiResponse, AttachMode } from '../../platform/service.ts';
import type { ApiCall } from './api-call.ts';

/** A read-only query: the podman arguments, and the equivalent API requests if there are any. */
export interface Query {
  readonly args: readonly string[];
  readonly api?: ApiCall;
  /** The answer stays the same while a plan is applied. */
  readonly isLasting?: true;
}

/** podman's answer and the end of the command. An API answer is converted to the output of the command. */
export type Answer = ProcessEnd & ProcessOutput;

/** A command whose arguments are all known. */
export interface RunnableCommand {
  /** `podman` stands for the podman that the user has chosen. */
  readonly program: string;
  readonly args: readonly string[];
  /** Standard input of the command. */
  readonly input?: Uint8Array;
  /** The equivalent requests that change nothing. */
  readonly api?: ApiCall;
  /** The equivalent requests that make the changes of the command, one stage after another. */
  readonly stages?: readonly ChangeStage[];
  readonly attached?: AttachedRun;
  /**
   * The command pulls an image. podman's service does not read the credentials that REGISTRY_AUTH_FILE or DOCKER_CONFIG
   * name: with one of them, the command runs.
   */
  readonly isPull?: true;
}

/** A container whose output and exit code are those of the command. The last stage starts it. */
export interface AttachedRun {
  /** podman's name of the container. */
  readonly name: string;
  readonly mode: AttachMode;
  /** Starts the created container in the foreground: it runs if podman's service does not attach. */
  readonly start: RunnableCommand;
}

/** Changes that are made at the same time. A command with several stages, such as `podman run`, makes one after another. */
export type ChangeStage = readonly ApiChange[];

/** A request that changes an object of podman. */
export interface ApiChange {
  readonly request: ApiRequest;
  /** The command that makes this change alone. */
  readonly command: RunnableCommand;
  /** The command after a request without a response, if another one is needed. */
  readonly resume?: RunnableCommand;
  /** Whether `resume` can do what the service refused. */
  readonly resumesAfter?: (response: ApiResponse) => boolean;
  /** Verifies whether the change was made. Sent if a request has no response: the change must not be made twice. */
  readonly verify: Verification;
  /** Further statuses that mean success. */
  readonly accepts?: readonly number[];
  /** Statuses that do not mean success here. */
  readonly rejects?: readonly number[];
  /** The response reports progress, and at its end success or an error. */
  readonly progress?: ChangeProgress;
  /** podman's error after a change that was not made and must not be repeated without the user's knowledge. */
  readonly errorIfLost?: string;
  /** Whether the command can do what the service refused. */
  readonly runsCommandFor?: (response: ApiResponse) => boolean;
}

export interface ChangeProgress {
  /** The lines that the command would print for the part of a body. A part can end within a line. */
  readonly reader: (onLine: OnLine) => (text: string) => void;
  /** podman's error in the whole body; undefined after success. */
  readonly errorIn: (body: string) => string | undefined;
}

export interface Verification {
  readonly query: Query;
  readonly isMade: (answer: Answer) => boolean;
}

/** A query whose answer does not end: the podman arguments, and the path of the equivalent request. */
export interface Followed {
  readonly args: readonly string[];
  readonly path: string;
}

/**
 * The only interface to podman. It has two implementations: commands, and requests to the API of a podman service,
 * which replace commands where possible.
 */
export interface PodmanClient {
  /** The podman program as shown in printed commands. */
  readonly program: string;
  /** Runs other programs of this machine, such as journalctl. */
  readonly processes: ProcessRunner;
  /**
   * Queries podman and returns its answer when the query has ended.
   * @param cancel aborts the query
   */
  readonly query: (query: Query, cancel?: AbortSignal) => Promise<Answer>;
  /**
   * Follows the answer to a query that does not end, line by line. Resolves at the signal, or when podman has ended the
   * answer or failed.
   */
  readonly follow: (query: Followed, onLine: (line: string) => void, stop: AbortSignal) => Promise<void>;
  /**
   * Resolves when the queries so far have been passed to podman, which answers them meanwhile. To be awaited before a long
   * computation: a request leaves the process, and an answer is read, only when node's event loop runs.
   */
  readonly flush: () => Promise<void>;
  /** A client that uses podman's service again after it was lost, started again if it has ended. */
  readonly renew: () => Promise<PodmanClient>;
  /** Runs a short command and passes on its lines when it has ended. */
  readonly run: (command: RunnableCommand, onLine: OnLine) => RunningProcess;
  /** Runs a long command and passes on each line as it is printed. */
  readonly stream: (command: RunnableCommand, onLine: OnLine) => RunningProcess;
  /**
   * Runs a command on the terminal of podpose: `podman exec`.
   * @param userArgs appended to the arguments, and never printed
   */
  readonly attach: (args: readonly string[], userArgs: readonly string[]) => AttachedProcess;
}

/**
 * The client that runs a podman command for everything.
 * @param connection a podman connection, which the environment of the processes names, too. As a flag it is checked:
 *   podman 4.3.1 does not report an unknown name in CONTAINER_CONNECTION, and uses the socket of this machine instead.
 *   (Config.ActiveDestination in containers/common/pkg/config of v0.50, whose error cmd/podman/root.go ignores)
 */
export function commandClient(processes: ProcessRunner, program: string, connection?: string): PodmanClient {
  const flags = connection === undefined ? [] : ['--connection', connection];
  const resolve = ({ program: name, args }: RunnableCommand) =>
    name === 'podman' ? ([program, [...flags, ...args]] as const) : ([name, args] as const);
  const client: PodmanClient = {
    program,
    processes,
    follow: ({ args }, onLine, stop) =>
      followCommand(processes.read(program, [...flags, ...args]), onLine, stop),
    flush: () => Promise.resolve(),
    renew: () => Promise.resolve(client),
    query: ({ args }, cancel) => processes.query(program, [...flags, ...args], cancel),
    run: (command, onLine) => processes.execute(...resolve(command), onLine, command.input),
    stream: (command, onLine) => processes.start(...resolve(command), onLine, command.input),
    attach: (args, userArgs) => processes.attach({ program, args: [...flags, ...args], userArgs }),
  };
  return client;
}

async function followCommand(
  { output, end, stop: terminate }: ReadProcess,
  onLine: (line: string) => void,
  stop: AbortSignal,
): Promise<void> {
  if (stop.aborted) terminate();
  stop.addEventListener('abort', terminate, { once: true });
  let rest = '';
  const decoder = new TextDecoder();
  for await (const bytes of output) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(onLine);
  }
  await end;
  stop.removeEventListener('abort', terminate);
}

/** A podman command without standard input. */
export function podmanCommand(...args: readonly string[]): RunnableCommand {
  return { program: 'podman', args };
}
