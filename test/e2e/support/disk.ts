import { spawnSync } from 'node:child_process';

/**
 * The files below a directory that contain a text and were written since a time, in milliseconds since 1970. Unreadable
 * files are skipped, as other users cannot read them either.
 */
export function filesWith(marker: string, directory: string, since: number): readonly string[] {
  // The clock of a file system has a coarse resolution.
  const moment = `@${(since / 1000 - 1).toFixed(3)}`;
  const search = 'find "$0" -newermt "$1" -type f -exec grep -laF "$2" {} +';
  const found = spawnSync('sh', ['-c', search, directory, moment, marker], { encoding: 'utf8' });
  return found.stdout.split('\n').filter((path) => path !== '');
}
