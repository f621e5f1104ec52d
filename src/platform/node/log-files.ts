import { fstatSync, statSync, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileState, LogFiles } from '../log-files.ts';

/** The files of podman's log driver, read with node. */
export const nodeLogFiles: LogFiles = {
  stat: (path) => {
    try {
      return stateOf(statSync(path));
    } catch {
      return undefined;
    }
  },
  open: async (path) => {
    const handle = await open(path, 'r');
    return {
      stat: () => stateOf(fstatSync(handle.fd)),
      read: async (offset, length) => {
        const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafeSlow(length), 0, length, offset);
        return buffer.subarray(0, bytesRead);
      },
      close: () => handle.close(),
    };
  },
  isAlive: (pid) => {
    if (pid <= 0) return false;
    try {
      return process.kill(pid, 0);
    } catch (error) {
      // EPERM: the process exists but belongs to another user. A container's user is not always podman's user.
      return error instanceof Error && 'code' in error && error.code === 'EPERM';
    }
  },
};

function stateOf({ dev, ino, size }: Stats): FileState {
  return { identity: `${dev} ${ino}`, size };
}
