/** The type of a file; `absent` if there is none, `unreadable` if this user may not find out. */
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
