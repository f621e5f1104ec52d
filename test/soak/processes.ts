import { readdirSync, readFileSync } from 'node:fs';

/** Of the clock in /proc/PID/stat. */
const TICKS_PER_SECOND = 100;

export interface Found {
  readonly pid: number;
  readonly command: string;
}

/** The watcher, its relay and podman's services, by a text in the environment that all of them have. */
export function watchingProcesses(mark: string): readonly Found[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        if (!readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark)) return [];
        const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim();
        return /podpose\.js watch|relay\.|system service/.test(command)
          ? [{ pid: Number(pid), command }]
          : [];
      } catch {
        return [];
      }
    });
}

export function isService({ command }: Found): boolean {
  return command.includes('system service');
}

/** Processor time in seconds. */
export interface ProcessorTime {
  readonly own: number;
  /** Of the processes that it has started and waited for, and of theirs. */
  readonly children: number;
}

export function timeOf(pid: number): ProcessorTime {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ')
    .map(Number);
  const [user = 0, system = 0, usersOfChildren = 0, systemsOfChildren = 0] = fields.slice(11, 15);
  return {
    own: (user + system) / TICKS_PER_SECOND,
    children: (usersOfChildren + systemsOfChildren) / TICKS_PER_SECOND,
  };
}
