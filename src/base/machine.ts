/** What the downward API and defaults use of the machine. */
export interface Machine {
  readonly hostname: string;
  readonly cpus: number;
  /** Bytes. */
  readonly memory: number;
}
