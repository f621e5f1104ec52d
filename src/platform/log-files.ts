/** What a log reader needs of this machine: the files of the log driver, and whether a process is alive. */
export interface LogFiles {
  /** The file at a path now; undefined if it does not exist or is not readable. */
  readonly stat: (path: string) => FileState | undefined;
  /** Rejects if the file cannot be opened. */
  readonly open: (path: string) => Promise<LogFile>;
  readonly isAlive: (pid: number) => boolean;
}

export interface FileState {
  /** Changes when another file appears at the same path. */
  readonly identity: string;
  readonly size: number;
}

export interface LogFile {
  readonly stat: () => FileState;
  /** Reads at most `length` bytes from `offset`; an empty buffer at the end of the file. */
  readonly read: (offset: number, length: number) => Promise<Buffer>;
  readonly close: () => Promise<void>;
}
