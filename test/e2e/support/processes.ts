import { readdirSync, readFileSync } from 'node:fs';

/**
 * The names of containers whose conmon runs, as the processes say it and not podman, which may have forgotten one. A
 * conmon runs for as long as its container does.
 * @param prefix what the names begin with
 */
export function watchedContainers(prefix: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const words = wordsOf(pid);
      const name = words[0]?.endsWith('conmon') === true ? words[words.indexOf('-n') + 1] : undefined;
      return name?.startsWith(prefix) === true ? [name] : [];
    });
}

/** One that has just ended has none. */
function wordsOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
