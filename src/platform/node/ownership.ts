import { lstatSync, type Stats } from 'node:fs';

/** Why a path is not safely owned by this user. */
export type OwnershipFault =
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable'; readonly reason: string }
  | { readonly kind: 'link' }
  | { readonly kind: 'other-type' }
  | { readonly kind: 'foreign'; readonly uid: number }
  /** Other users may write to it. */
  | { readonly kind: 'open'; readonly mode: number };

/**
 * Checks the path itself, without following a symbolic link in its last part: what another user owns, can write to or
 * has replaced by a link can change at any time. Undefined if the path is safe.
 */
export function ownershipFault(
  path: string,
  type: 'directory' | 'file' | 'socket',
): OwnershipFault | undefined {
  try {
    return faultOf(lstatSync(path), type);
  } catch (error) {
    const code = errorCode(error);
    return code === 'ENOENT' || code === 'ENOTDIR'
      ? { kind: 'absent' }
      : { kind: 'unreadable', reason: code ?? String(error) };
  }
}

/** The same for file status that was already read. */
export function faultOf(stats: Stats, type: 'directory' | 'file' | 'socket'): OwnershipFault | undefined {
  if (stats.isSymbolicLink()) return { kind: 'link' };
  const isRight = { directory: stats.isDirectory(), file: stats.isFile(), socket: stats.isSocket() }[type];
  if (!isRight) return { kind: 'other-type' };
  // Absent on systems without user IDs.
  const user = process.geteuid?.();
  if (user !== undefined && stats.uid !== user) return { kind: 'foreign', uid: stats.uid };
  // The mode of a socket does not matter, as its directory is closed to others. podman creates sockets with mode 0755.
  return type !== 'socket' && (stats.mode & 0o022) !== 0
    ? { kind: 'open', mode: stats.mode & 0o777 }
    : undefined;
}

/** A clause that follows the path: `/run/user/1000 belongs to another user`. */
export function describeFault(fault: OwnershipFault): string {
  switch (fault.kind) {
    case 'absent':
      return 'does not exist';
    case 'unreadable':
      return `cannot be read (${fault.reason})`;
    case 'link':
      return 'is a symbolic link';
    case 'other-type':
      return 'has the wrong file type';
    case 'foreign':
      return `belongs to another user (uid ${fault.uid})`;
    case 'open':
      return `is writable by other users (mode ${fault.mode.toString(8).padStart(4, '0')})`;
  }
}

export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
