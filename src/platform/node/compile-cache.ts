import { existsSync, mkdirSync } from 'node:fs';
import nodeModule, { createRequire } from 'node:module';
import { dirname, isAbsolute, join } from 'node:path';
import { ownershipFault } from './ownership.ts';

/** Available from node 22.1; the types are those of node 20, which is not asked: it loads its ES modules then. */
function compileCacheEnabler(): ((directory: string) => unknown) | undefined {
  if (process.versions.node.startsWith('20.')) return undefined;
  return (nodeModule as { readonly enableCompileCache?: (directory: string) => unknown }).enableCompileCache;
}

/**
 * Enables node's compile cache and returns `require` for the bundled files; undefined if this node has no compile
 * cache. Start-up takes about a quarter less time from the second run.
 * https://nodejs.org/api/module.html#module-compile-cache
 * @param directory base of the relative ids
 */
export function compileCachingRequire(
  directory: string,
  env: NodeJS.ProcessEnv,
): ((id: string) => unknown) | undefined {
  const enableCompileCache = compileCacheEnabler();
  if (enableCompileCache === undefined) return undefined;
  const cache = compileCacheDirectory(env);
  if (cache !== undefined && isOwnOrMade(cache)) enableCompileCache(cache);
  return createRequire(join(directory, 'any.js'));
}

/** The directory of the compile cache; undefined if it is disabled, or if there is no home directory. */
export function compileCacheDirectory(env: NodeJS.ProcessEnv): string | undefined {
  const { NODE_DISABLE_COMPILE_CACHE: isOff, XDG_CACHE_HOME: caches = '', HOME: home = '' } = env;
  // The XDG Base Directory Specification says to ignore relative paths.
  const directory = isAbsolute(caches) ? caches : join(home, '.cache');
  return isOff === undefined && isAbsolute(directory) ? join(directory, 'podpose', 'code') : undefined;
}

/**
 * Whether the cache is safe to use: this user owns the directory and its parent, and neither is a symbolic link. In a
 * shared directory, another user could have placed code that podpose would run.
 */
export function isOwnDirectory(directory: string): boolean {
  return [dirname(directory), directory].every((path) => ownershipFault(path, 'directory') === undefined);
}

/** Creates the directory and its parents. With `recursive`, node 20 hangs where a directory cannot be created (/proc). */
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
    // The directory is not writable, or the disk is full: the next run is not faster.
    return false;
  }
}
