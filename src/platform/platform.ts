import type { FileType } from '../base/file-type.ts';
import type { Result } from '../base/result.ts';
import type { Clock } from './clock.ts';
import type { Machine } from '../base/machine.ts';
import type { LogFiles } from './log-files.ts';
import type { ProcessRunner, RunnerSettings } from './process.ts';
import type { PodmanService } from './service.ts';

/** All of the outside that podpose is allowed to see. The verbs get it handed in; tests hand in another. */
export interface Platform {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdout: Terminal;
  readonly stderr: Terminal;
  /**
   * Asks a question on the terminal, to be answered by yes or no; undefined where there is no terminal to ask on.
   * @param stop ends the question, as Ctrl-C does
   */
  readonly ask: (question: string, stop: AbortSignal) => Promise<Answer | undefined>;
  /** Standard input, up to so many bytes: what comes after them is not read. */
  readonly readStdin: (bytes: number) => Promise<Uint8Array>;
  readonly files: Files;
  readonly logFiles: LogFiles;
  readonly clock: Clock;
  /** Milliseconds since 1970. */
  readonly today: () => number;
  readonly machine: Machine;
  /** A text that is always the same on this machine for this user, and that others need not know. */
  readonly machineKey: () => string;
  /** Calls back for every signal that asks podpose to stop; gives the way to unsubscribe. */
  readonly onStopSignal: (listener: (signal: StopSignal) => void) => () => void;
  readonly createRunner: (settings: RunnerSettings) => ProcessRunner;
  /** The podman that serves this run, where that is of use. */
  readonly service?: PodmanService;
  readonly pid: number;
  /**
   * Takes a lock that is given back when this process ends, if not before. `about` is told to whoever finds it busy.
   * An error where this machine has no place for it.
   */
  readonly lock: (name: string, about: string) => Promise<Result<LockAnswer>>;
  /** What is wrong with the directory that XDG_RUNTIME_DIR names, and what to set instead; undefined when nothing is. */
  readonly runtimeDirectoryFault: () => RuntimeDirectoryFault | undefined;
  /** Whether this machine would let us listen there. */
  readonly probePort: (port: ProbedPort) => Promise<PortAnswer>;
}

/** SIGHUP says that the terminal was closed. */
export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

export type Answer = 'yes' | 'no' | 'interrupted';

export type LockAnswer =
  | { readonly kind: 'taken'; readonly release: () => void }
  | { readonly kind: 'busy'; readonly holder: string };

export interface RuntimeDirectoryFault {
  readonly path: string;
  /** As in "belongs to another user". */
  readonly words: string;
  /** Where the directory of this user would be. */
  readonly usual: string;
}

export interface Terminal {
  readonly write: (text: string) => void;
  /** Resolves when whoever reads has taken it: to write more before would pile it up here. */
  readonly pour: (bytes: Uint8Array) => Promise<void>;
  readonly isTTY: boolean;
  readonly columns: number;
  readonly rows: number;
}

export interface Files {
  /** A file, up to so many bytes. */
  readonly read: (path: string, bytes: number) => Promise<Uint8Array>;
  readonly list: (directory: string) => Promise<readonly string[]>;
  /** What is at that path; symbolic links are followed. */
  readonly typeOf: (path: string) => FileType;
}

export interface ProbedPort {
  readonly address: string;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
}

export type PortAnswer = 'free' | 'in-use' | 'not-permitted' | 'no-such-address';
