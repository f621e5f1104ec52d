import type { PodmanClient } from '../client/client.ts';
import { commandReader } from './command-reader.ts';
import type { ContainerLog } from './container-log.ts';
import { fileReader } from './file-reader.ts';
import { hasJournal, journalReader } from './journal-reader.ts';
import type { LogFiles } from '../../platform/log-files.ts';
import type { LogStart, OpenedReader } from './record.ts';
import type { Sleep } from '../../base/sleep.ts';

export interface LogTools {
  readonly podman: PodmanClient;
  readonly files: LogFiles;
  readonly sleep: Sleep;
}

/** Drivers that keep nothing which could be read. */
const KEEPS_NOTHING = ['none', 'passthrough', 'passthrough-tty'];
/** podman's other name for the same. */
const FILES = ['k8s-file', 'json-file'];

/** Why there is nothing to read, as a sentence; undefined where there is. */
export function whyUnreadable({ driver }: ContainerLog): string | undefined {
  return KEEPS_NOTHING.includes(driver) ? `its log driver '${driver}' keeps no logs` : undefined;
}

/** Whether podman, and with it the process of a container, is on this machine. */
export function isHere({ directory }: ContainerLog, files: LogFiles): boolean {
  return directory !== '' && files.stat(directory) !== undefined;
}

/**
 * Opens a container's log by the shortest way: the log driver's own file or journal where it is on this machine, which is
 * complete and tells parts of lines from lines, else `podman logs`.
 */
export async function openLog(log: ContainerLog, start: LogStart, tools: LogTools): Promise<OpenedReader> {
  const { podman, files, sleep } = tools;
  if (FILES.includes(log.driver) && log.path !== '' && files.stat(log.path) !== undefined)
    try {
      return await fileReader(files, log.path, start, sleep);
    } catch {
      // It is gone by now, or not this user's.
    }
  if (log.driver === 'journald' && isHere(log, files) && (await hasJournal(podman.processes)))
    return journalReader(podman.processes, log.id, start, sleep);
  return commandReader(podman, log.name, start, sleep);
}
