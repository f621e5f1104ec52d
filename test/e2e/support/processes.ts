import { readdirSync, readFileSync } from 'node:fs';

export interface RunningContainers {
  /** The first process of each container, including infra containers: its PID and its command line. */
  readonly containers: readonly string[];
  /** The conmons of containers, including infra containers. */
  readonly conmons: readonly string[];
}

interface Process {
  readonly pid: string;
  readonly parent: string;
  readonly words: readonly string[];
  readonly isInside: boolean;
}

/**
 * The running containers according to their processes, as podman may have lost one. The processes are recognised by the
 * variable HOSTNAME, which podman sets for all of them, including infra containers.
 * @param prefix the prefix of the pods' names and hostnames
 */
export function runningContainers(prefix: string): RunningContainers {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => processOf(pid, prefix) ?? []);
  const inside = new Set(all.filter(({ isInside }) => isInside).map(({ pid }) => pid));
  const first = all.filter(({ pid, parent }) => inside.has(pid) && !inside.has(parent));
  const parents = new Set(first.map(({ parent }) => parent));
  const conmons = all.filter(
    ({ pid, words }) => isConmon(words) && (parents.has(pid) || nameOf(words).startsWith(`${prefix}-`)),
  );
  return { containers: first.map(told), conmons: conmons.map(told) };
}

/**
 * The names of containers with a running conmon. A conmon runs as long as its container.
 * @param prefix the prefix of the names
 */
export function watchedContainers(prefix: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const words = wordsOf(pid, 'cmdline');
      return isConmon(words) && nameOf(words).startsWith(prefix) ? [nameOf(words)] : [];
    });
}

/** A zombie process has no command line. */
function processOf(pid: string, prefix: string): Process | undefined {
  const words = wordsOf(pid, 'cmdline');
  const stat = read(pid, 'stat');
  if (words.every((word) => word === '') || stat === '') return undefined;
  const [, parent = ''] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const isInside = wordsOf(pid, 'environ').some((word) => word.startsWith(`HOSTNAME=${prefix}`));
  return { pid, parent, words, isInside };
}

function isConmon(words: readonly string[]): boolean {
  return words[0]?.endsWith('conmon') === true;
}

function nameOf(words: readonly string[]): string {
  return words[words.indexOf('-n') + 1] ?? '';
}

function told({ pid, words }: Process): string {
  return `${pid} ${isConmon(words) ? `conmon ${nameOf(words)}` : words.join(' ')}`;
}

function wordsOf(pid: string, file: 'cmdline' | 'environ'): readonly string[] {
  return read(pid, file).split('\0');
}

/** A process that has just ended has none, and a process of another user may be unreadable. */
function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
