/** Processes of podpose that go on after this one, and their logs. */
export interface Background {
  /**
   * Starts podpose with these arguments, without a terminal and in a session of its own. Its output goes to the log.
   * Returns before it runs; the error if no process can be started.
   */
  readonly start: (args: readonly string[], log: string) => string | undefined;
  /** Keeps the log, to which this process writes, below a size in bytes: older lines go to a second file, or are lost. */
  readonly limitLog: (log: string, bytes: number) => void;
  /** The texts of a log, the older file first; undefined if there is none. */
  readonly readLog: (log: string) => Promise<string | undefined>;
}
