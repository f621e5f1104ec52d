import { dirname, resolve } from 'node:path/posix';
import type { Machine } from '../../base/machine.ts';
import type { ObjectSet } from '../config/object-set.ts';
import type { SecretKeeper } from '../config/secret-keeper.ts';

/** What a pod means depends on more than its manifest: this is the rest. */
export interface ConvertContext {
  /** Where a `hostPort` without a `hostIP` listens. */
  readonly defaultHostIP: string;
  /**
   * The absolute path of the directory that the manifest is in: a relative `hostPath` and a seccomp profile
   * start there.
   */
  readonly manifestDirectory: string;
  /** The directory of a manifest from standard input, and the one that relative names of files start at. */
  readonly currentDirectory: string;
  /** What the pod may refer to by name. */
  readonly objects: ObjectSet;
  readonly keeper: SecretKeeper;
  /** What the pod belongs to: with its name it tells it from all others on the machine. */
  readonly project: string;
  readonly machine: Machine;
}

/** The directory that relative paths in a manifest start at. */
export function directoryOf(file: string, currentDirectory: string): string {
  return file === '-' ? currentDirectory : resolve(currentDirectory, dirname(file));
}
