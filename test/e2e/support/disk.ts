import { spawnSync } from 'node:child_process';

/** The files below a folder that hold a text, of those newer than another. What may not be read, others may not read either. */
export function filesWith(marker: string, folder: string, than: string): readonly string[] {
  const search = 'find "$0" -newer "$1" -type f -exec grep -laF "$2" {} +';
  const found = spawnSync('sh', ['-c', search, folder, than, marker], { encoding: 'utf8' });
  return found.stdout.split('\n').filter((path) => path !== '');
}
