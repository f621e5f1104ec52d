import { closeSync, constants, existsSync, fchmodSync, fstatSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { failure, success, type Result } from '../../base/result.ts';
import { describeFault, errorCode, faultOf, ownershipFault, type OwnershipFault } from './ownership.ts';

/** An open directory that is owned by this user. */
export interface LockDirectory {
  readonly path: string;
  /** The base of every address in it: a short path that always refers to this directory. */
  readonly base: string;
  readonly close: () => void;
}

/**
 * Opens the directory for the locks of this user, and creates it with mode 0700 if it is missing: `podpose` in
 * $XDG_RUNTIME_DIR, else in /run/user/UID if this user owns it, else /tmp/podpose-UID. A shell without XDG_RUNTIME_DIR
 * gets the same directory.
 */
export function openLockDirectory(env: NodeJS.ProcessEnv): Result<LockDirectory> {
  const path = lockDirectoryPath(env);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') return failure([unusable(path, errorCode(error) ?? String(error))]);
  }
  // A symbolic link would let another user choose the directory. O_NOFOLLOW refuses one created after this check.
  const fault = ownershipFault(path, 'directory');
  if (fault !== undefined) return failure([unusable(path, fault)]);
  return open(path);
}

/** Acts in the directory for the locks. Undefined if this machine has none, or the system reports an error. */
export function inLockDirectory<T>(env: NodeJS.ProcessEnv, act: (base: string) => T): T | undefined {
  const directory = openLockDirectory(env);
  if (!directory.ok) return undefined;
  try {
    return act(directory.value.base);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  } finally {
    directory.value.close();
  }
}

/** The path of the directory for the locks. */
export function lockDirectoryPath(env: NodeJS.ProcessEnv): string {
  const user = process.geteuid?.() ?? 0;
  const runtime = [env['XDG_RUNTIME_DIR'] ?? '', `/run/user/${user}`].find(
    (directory) => directory.startsWith('/') && ownershipFault(directory, 'directory') === undefined,
  );
  return runtime === undefined ? `/tmp/podpose-${user}` : join(runtime, 'podpose');
}

function open(path: string): Result<LockDirectory> {
  try {
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
    const stats = fstatSync(descriptor);
    const fault = faultOf(stats, 'directory');
    if (fault !== undefined) {
      closeSync(descriptor);
      return failure([unusable(path, fault)]);
    }
    if ((stats.mode & 0o077) !== 0) fchmodSync(descriptor, 0o700);
    // The address of a socket has at most 107 bytes (unix(7)), a path up to 4095.
    const opened = `/proc/self/fd/${descriptor}`;
    return success({
      path,
      base: existsSync(opened) ? opened : path,
      close: () => {
        closeSync(descriptor);
      },
    });
  } catch (error) {
    return failure([unusable(path, errorCode(error) ?? String(error))]);
  }
}

/** @param why the fault of the directory, or an error code */
export function unusable(path: string, why: OwnershipFault | string): Diagnostic {
  const fault = typeof why === 'string' ? `is not usable (${why})` : describeFault(why);
  if (why === 'EMFILE' || why === 'ENFILE')
    return {
      code: 'too-many-files',
      severity: 'error',
      message: `cannot open the lock directory ${path}: too many open files`,
      help: "Raise the limit: run 'ulimit -n 1024' before podpose. 'ulimit -n' shows the limit.",
    };
  return {
    code: 'lock-directory',
    severity: 'error',
    message: `the lock directory ${path} ${fault}`,
    help:
      why === 'ENOSPC' || why === 'EDQUOT'
        ? `No space is left. 'df -h ${dirname(path)}' shows the full disk, 'df -i' whether it has too many files.`
        : `podpose needs a directory that you own and nobody else can write to. Remove it, or set XDG_RUNTIME_DIR to such a directory; a login sets it to /run/user/${process.geteuid?.() ?? 'UID'}.`,
  };
}
