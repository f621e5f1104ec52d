import { closeSync, constants, existsSync, fchmodSync, fstatSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { failure, success, type Result } from '../../base/result.ts';
import { describeFault, errorCode, faultOf, ownershipFault, type OwnershipFault } from './ownership.ts';

/** A directory of this user's own, held open. */
export interface LockDirectory {
  readonly path: string;
  /** Starts every address in it: short, whatever the directory is called, and always that same directory. */
  readonly base: string;
  readonly close: () => void;
}

/**
 * Opens the directory that every podpose of this user keeps its locks in, and makes it first where it is missing. It is
 * `podpose` in $XDG_RUNTIME_DIR, else in /run/user/UID, whichever is the user's own, else /tmp/podpose-UID: the same one for
 * a shell without that variable. Its mode is 0700.
 */
export function openLockDirectory(env: NodeJS.ProcessEnv): Result<LockDirectory> {
  const path = lockDirectoryPath(env);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') return failure([unusable(path, errorCode(error) ?? String(error))]);
  }
  // The link itself would be somebody else's choice of a directory, and so it is refused by the open.
  const fault = ownershipFault(path, 'directory');
  if (fault !== undefined) return failure([unusable(path, fault)]);
  return open(path);
}

/** Which directory that is. */
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
    // The address of a socket has 107 bytes at most (unix(7)), a path has 4095.
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

/** @param why what is wrong with it, or the code of an error */
export function unusable(path: string, why: OwnershipFault | string): Diagnostic {
  const words = typeof why === 'string' ? `cannot be used (${why})` : describeFault(why);
  if (why === 'EMFILE' || why === 'ENFILE')
    return {
      code: 'too-many-files',
      severity: 'error',
      message: `too many open files: the directory for locks ${path} ${words}`,
      help: "'ulimit -n' shows how many there may be; 'ulimit -n 1024' before podpose allows more.",
    };
  return {
    code: 'lock-directory',
    severity: 'error',
    message: `the directory for locks ${path} ${words}`,
    help:
      why === 'ENOSPC' || why === 'EDQUOT'
        ? `There is no space left: df -h ${dirname(path)} shows where, df -i whether there are too many files.`
        : `podpose uses it only if it is a directory of yours that nobody else can write to. Remove it, or set XDG_RUNTIME_DIR to such a directory, as a login does: /run/user/${process.geteuid?.() ?? 'UID'}.`,
  };
}
