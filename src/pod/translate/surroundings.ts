/** What a pod means depends on more than its manifest: this is the rest. */
export interface Surroundings {
  /** Where a `hostPort` without a `hostIP` listens. */
  readonly defaultHostIP: string;
  /** The absolute path of the folder that the manifest is in: a relative `hostPath` starts there. */
  readonly manifestFolder: string;
}
