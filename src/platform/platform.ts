import type { FileType } from '../base/file-type.ts';
import type { Result } from '../base/result.ts';
import type { Background } from './background.ts';
import type { Clock } from './clock.ts';
import type { Machine } from '../base/machine.ts';
import type { LocalSockets } from './local-socket.ts';
import type { LogFiles } from './log-files.ts';
import type { Network, RemoteNetwork } from './network.ts';
import type { ProcessRunner, RunnerSettings, StopSignal } from './process.ts';
import type { RuntimeFiles } from './runtime-files.ts';
import type { PodmanService } from './service.ts';

/** Everything outside of podpose that it may use. Commands receive it as a parameter; tests pass their own. */
export interface Platform {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdout: Terminal;
  readonly stderr: Terminal;
  /**
   * Asks a yes/no question on the terminal; undefined if there is no terminal.
   * @param stop ends the question, like Ctrl-C
   */
  readonly ask: (question: string, stop: AbortSignal) => Promise<Answer | undefined>;
  /** Whether standard input is a terminal. */
  readonly isInteractive: boolean;
  /** Reads standard input up to the given number of bytes. */
  readonly readStdin: (bytes: number) => Promise<Uint8Array>;
  readonly files: Files;
  /**
   * Replaces the contents of a file, relative to `cwd`: whole or not at all. Mode and links are kept.
   * @returns the error code of the system, such as EACCES; undefined on success
   */
  readonly replaceFile: (path: string, text: string) => Promise<string | undefined>;
  /**
   * Creates a file and its directories: whole or not at all. A file that exists is replaced.
   * @returns the error code of the system; undefined on success
   */
  readonly createFile: (path: string, text: string) => Promise<string | undefined>;
  /** Removes a file. @returns the error code of the system; undefined on success */
  readonly removeFile: (path: string) => Promise<string | undefined>;
  readonly logFiles: LogFiles;
  readonly clock: Clock;
  /** Milliseconds since 1970. */
  readonly today: () => number;
  /**
   * Prepares this process for its input.
   * @param size in characters
   */
  readonly prepareForInput: (size: number) => void;
  readonly machine: Machine;
  /** A text that is stable for this user on this machine, and confidential. */
  readonly machineKey: () => string;
  /** Calls the listener for every signal that asks podpose to stop. Returns the function to unsubscribe. */
  readonly onStopSignal: (listener: (signal: StopSignal) => void) => () => void;
  readonly createRunner: (settings: RunnerSettings) => ProcessRunner;
  /** podman's service for this run, if it is of use. */
  readonly service?: PodmanService;
  readonly pid: number;
  /** The ID of the user that podpose runs as. */
  readonly userId: number;
  /** The command that runs this podpose, without arguments: absolute paths of node and of the script. */
  readonly program: readonly string[];
  /**
   * Takes a lock, which is released at the end of the process at the latest. `about` is shown to a process that finds
   * it taken. Fails if this machine has no suitable directory.
   */
  readonly lock: (name: string, about: string) => Promise<Result<LockAnswer>>;
  readonly sockets: LocalSockets;
  /** Connections of this process. */
  readonly network: Network;
  /** Connections of another process, which the command starts in another network namespace. */
  readonly openNetwork: (program: string, args: readonly string[]) => RemoteNetwork;
  readonly background: Background;
  readonly runtimeFiles: RuntimeFiles;
  /** The fault of the directory that XDG_RUNTIME_DIR names, and the value to set instead; undefined if it is usable. */
  readonly runtimeDirectoryFault: () => RuntimeDirectoryFault | undefined;
  /** Whether this user can listen at the port. */
  readonly probePort: (port: ProbedPort) => Promise<PortAnswer>;
  /** The IPv4 addresses of a host, as programs of this machine find them; none if there are none. It may take many seconds. */
  readonly lookUpHost: (host: string) => Promise<readonly string[]>;
}

export type Answer = 'yes' | 'no' | 'interrupted';

export type LockAnswer =
  | { readonly kind: 'taken'; readonly release: () => void }
  | { readonly kind: 'busy'; readonly holder: string };

export interface RuntimeDirectoryFault {
  readonly path: string;
  /** As in "belongs to another user". */
  readonly words: string;
  /** The usual path of this user's directory. */
  readonly usual: string;
}

export interface Terminal {
  readonly write: (text: string) => void;
  /** Resolves when the reader has taken the bytes. Writing more before that would fill the memory. */
  readonly pour: (bytes: Uint8Array) => Promise<void>;
  readonly isTTY: boolean;
  readonly columns: number;
  readonly rows: number;
}

export interface Files {
  /** Reads a file up to the given number of bytes. */
  readonly read: (path: string, bytes: number) => Promise<Uint8Array>;
  readonly list: (directory: string) => Promise<readonly string[]>;
  /** The type of the file at a path. Symbolic links are followed. */
  readonly typeOf: (path: string) => FileType;
}

export interface ProbedPort {
  readonly address: string;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
}

export type PortAnswer = 'free' | 'in-use' | 'not-permitted' | 'no-such-address';
