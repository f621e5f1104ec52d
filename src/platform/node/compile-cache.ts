import { existsSync, mkdirSync } from 'node:fs';
import nodeModule, { createRequire } from 'node:module';
import { dirname, isAbsolute, join } from 'node:path';
import { ownershipFault } from './ownership.ts';

/** What node has from 22.1 on; the types are those of node 20. */
const { enableCompileCache } = nodeModule as {
  readonly enableCompileCache?: (directory: string) => unknown;
};

/**
 * Has node keep the code that it compiles bundled files to, and gives what loads them; undefined where node cannot. The
 * next run starts in about three quarters of the time.
 * https://nodejs.org/api/module.html#module-compile-cache
 * @param folder what the files are named from
 */
export function compileCachingRequire(
  directory: string,
  env: NodeJS.ProcessEnv,
): ((id: string) => unknown) | undefined {
  if (enableCompileCache === undefined) return undefined;
  const cache = compileCacheDirectory(env);
  if (cache !== undefined && isOwnOrMade(cache)) enableCompileCache(cache);
  return createRequire(join(directory, 'any.js'));
}

/** Where compiled code is kept; undefined where the user does not want it, or there is no home. */
export function compileCacheDirectory(env: NodeJS.ProcessEnv): string | undefined {
  const { NODE_DISABLE_COMPILE_CACHE: isOff, XDG_CACHE_HOME: caches = '', HOME: home = '' } = env;
  // The XDG Base Directory Specification wants paths that are not absolute to be ignored.
  const directory = isAbsolute(caches) ? caches : join(home, '.cache');
  return isOff === undefined && isAbsolute(directory) ? join(directory, 'podpose', 'code') : undefined;
}

/**
 * Whether files are read and written there: the folder and the one that it is in are this user's own and no links. In a
 * shared cache somebody else may have been there first; whoever writes a file says what podpose does.
 */
export function isOwnDirectory(directory: string): boolean {
  return [dirname(directory), directory].every((path) => ownershipFault(path, 'directory') === undefined);
}

/** Node's own way, `recursive`, never comes back from where there can be no folder (node 20, /proc). */
export function makeDirectory(directory: string): void {
  if (existsSync(directory)) return;
  makeDirectory(dirname(directory));
  mkdirSync(directory, { mode: 0o700 });
}

function isOwnOrMade(directory: string): boolean {
  try {
    makeDirectory(directory);
    return isOwnDirectory(directory);
  } catch {
    // A folder that cannot be written, or a full disk: the next run takes as long as this one.
    return false;
  }
}
