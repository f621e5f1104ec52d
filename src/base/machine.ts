/** What a container may be told of the machine that it runs on. */
export interface Machine {
  readonly hostname: string;
  readonly cpus: number;
  /** Bytes. */
  readonly memory: number;
}
