import { dirname, resolve } from 'node:path/posix';
import type { Machine } from '../../base/machine.ts';
import type { ObjectSet } from '../config/object-set.ts';
import type { SecretKeeper } from '../config/secret-keeper.ts';

/** The input of the conversion besides the manifest. */
export interface ConvertContext {
  /** The host address of a `hostPort` without a `hostIP`. */
  readonly defaultHostIP: string;
  /** The absolute directory of the manifest: the base of a relative `hostPath` and of seccomp profiles. */
  readonly manifestDirectory: string;
  /** The directory of a manifest from standard input, and the base of relative manifest names. */
  readonly currentDirectory: string;
  /** The objects that the pod can refer to by name. */
  readonly objects: ObjectSet;
  readonly keeper: SecretKeeper;
  /** The project; with the pod name it identifies the pod on this machine. */
  readonly project: string;
  readonly machine: Machine;
}

/** The base directory of relative paths in a manifest. */
export function directoryOf(file: string, currentDirectory: string): string {
  return file === '-' ? currentDirectory : resolve(currentDirectory, dirname(file));
}
