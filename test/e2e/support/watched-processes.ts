import { readdirSync, readFileSync } from 'node:fs';

/** Collects the command lines of all processes that contain the marker, until the returned function is called. */
export function watchProcesses(marker: string): () => readonly string[] {
  const seen = new Set<string>();
  const look = () => {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        if (line.includes(marker)) seen.add(line.replaceAll('\0', ' '));
      } catch {
        // The process has ended.
      }
  };
  const timer = setInterval(look, 5);
  return () => {
    clearInterval(timer);
    look();
    return [...seen];
  };
}
