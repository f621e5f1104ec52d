/** Small files of this user that other podposes read. They last until the machine restarts. */
export interface RuntimeFiles {
  /** The text of a file; undefined if it does not exist, or this machine has no suitable directory. */
  readonly read: (name: string) => string | undefined;
  /** Replaces a file: whole or not at all. Does nothing if this machine has no suitable directory, or no space. */
  readonly write: (name: string, text: string) => void;
}
