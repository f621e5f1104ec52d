import { spawnSync } from 'node:child_process';

/**
 * The files below a folder that hold a text, of those written since a moment, in milliseconds since 1970. What may not be
 * read, others may not read either.
 */
export function filesWith(marker: string, directory: string, since: number): readonly string[] {
  // Clocks of file systems go by steps.
  const moment = `@${(since / 1000 - 1).toFixed(3)}`;
  const search = 'find "$0" -newermt "$1" -type f -exec grep -laF "$2" {} +';
  const found = spawnSync('sh', ['-c', search, directory, moment, marker], { encoding: 'utf8' });
  return found.stdout.split('\n').filter((path) => path !== '');
}
