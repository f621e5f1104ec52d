import { lstatSync, type Stats } from 'node:fs';

/** What is wrong with a path that is to be this user's own; undefined when nothing is. */
export type OwnershipFault =
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable'; readonly reason: string }
  | { readonly kind: 'link' }
  | { readonly kind: 'other-type' }
  | { readonly kind: 'foreign'; readonly uid: number }
  /** Others may write to it. */
  | { readonly kind: 'open'; readonly mode: number };

/**
 * Looks at a path itself, and follows no link in its last part: what somebody else owns, may write to or has
 * put a link in place of can be exchanged by them at any time.
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

/** As above, of what has been looked at already. */
export function faultOf(stats: Stats, type: 'directory' | 'file' | 'socket'): OwnershipFault | undefined {
  if (stats.isSymbolicLink()) return { kind: 'link' };
  const isRight = { directory: stats.isDirectory(), file: stats.isFile(), socket: stats.isSocket() }[type];
  if (!isRight) return { kind: 'other-type' };
  // Absent where users have no numbers.
  const user = process.geteuid?.();
  if (user !== undefined && stats.uid !== user) return { kind: 'foreign', uid: stats.uid };
  // Who may not enter the directory of a socket cannot reach it, whatever its own mode: podman makes them with 0755.
  return type !== 'socket' && (stats.mode & 0o022) !== 0
    ? { kind: 'open', mode: stats.mode & 0o777 }
    : undefined;
}

/** Says so after the path, as in "/run/user/1000 belongs to the user 1000". */
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
