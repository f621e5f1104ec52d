import { chmod, mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Replaces the contents of a file by way of a new file beside it, so that it is whole at any time. The mode is kept, and
 * a symbolic link stays one.
 * @returns the error code of the system; undefined on success
 */
export async function replaceFile(path: string, text: string): Promise<string | undefined> {
  return errorCodeOf(async () => {
    const target = await realpath(path);
    const { mode } = await stat(target);
    await renameInto(target, text, mode & 0o7777);
  });
}

/**
 * Creates a file, and its directories, by way of a new file beside it.
 * @returns the error code of the system; undefined on success
 */
export async function createFile(path: string, text: string): Promise<string | undefined> {
  return errorCodeOf(async () => {
    await mkdir(dirname(path), { recursive: true });
    await renameInto(path, text, 0o644);
  });
}

/** Removes a file. Returns the error code of the system; undefined on success. */
export async function removeFile(path: string): Promise<string | undefined> {
  return errorCodeOf(() => rm(path));
}

async function renameInto(target: string, text: string, mode: number): Promise<void> {
  const temporary = join(dirname(target), `.${basename(target)}.podpose-${process.pid}`);
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await chmod(temporary, mode);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function errorCodeOf(act: () => Promise<void>): Promise<string | undefined> {
  try {
    await act();
    return undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}
