/** The type of a file: `absent` if it does not exist, `unreadable` if this user may not read its type. */
export type FileType =
  | 'directory'
  | 'file'
  | 'pipe'
  | 'socket'
  | 'character device'
  | 'block device'
  | 'other'
  | 'absent'
  | 'unreadable';
