/** What the exit code of podpose says. */
export const EXIT = {
  done: 0,
  /** Something failed. */
  failed: 1,
  /** The command line or a manifest is wrong; nothing was touched. */
  usage: 2,
  interrupted: 130,
} as const;

export type ExitCode = number;
