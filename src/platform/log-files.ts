/** What of this machine a reader of logs may see: the files of the log driver, and whether a process is still there. */
export interface LogFiles {
  /** Which file is at a path now; undefined where there is none, or none that may be read. */
  readonly stat: (path: string) => FileState | undefined;
  /** Rejects where it cannot be opened. */
  readonly open: (path: string) => Promise<LogFile>;
  readonly isAlive: (pid: number) => boolean;
}

export interface FileState {
  /** Another one where another file has come to the same path. */
  readonly identity: string;
  readonly size: number;
}

export interface LogFile {
  readonly stat: () => FileState;
  /** At most so many bytes from there on; none at the end of the file. */
  readonly read: (offset: number, length: number) => Promise<Buffer>;
  readonly close: () => Promise<void>;
}
