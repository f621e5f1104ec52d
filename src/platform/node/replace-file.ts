import { chmod, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Replaces the contents of a file by way of a new file beside it, so that it is whole at any time. The mode is kept, and
 * a symbolic link stays one.
 * @returns the error code of the system; undefined on success
 */
export async function replaceFile(path: string, text: string): Promise<string | undefined> {
  let temporary: string | undefined;
  try {
    const target = await realpath(path);
    const { mode } = await stat(target);
    temporary = join(dirname(target), `.${basename(target)}.podpose-${process.pid}`);
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await chmod(temporary, mode & 0o7777);
    await rename(temporary, target);
    return undefined;
  } catch (error) {
    if (temporary !== undefined) await rm(temporary, { force: true });
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}
