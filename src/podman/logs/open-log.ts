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

/** Log drivers without readable logs. */
const KEEPS_NOTHING = ['none', 'passthrough', 'passthrough-tty'];
/** Log drivers with a file; `json-file` is podman's alias of `k8s-file`. */
const FILES = ['k8s-file', 'json-file'];

/** Why the log cannot be read, as a clause; undefined if it can. */
export function whyUnreadable({ driver }: ContainerLog): string | undefined {
  return KEEPS_NOTHING.includes(driver) ? `its log driver '${driver}' keeps no logs` : undefined;
}

/** Whether podman, and with it the container's process, runs on this machine. */
export function isHere({ directory }: ContainerLog, files: LogFiles): boolean {
  return directory !== '' && files.stat(directory) !== undefined;
}

/**
 * Opens a container's log in the fastest way: directly from the file or journal if it is on this machine, which is
 * complete and marks parts of lines, else with `podman logs`.
 */
export async function openLog(log: ContainerLog, start: LogStart, tools: LogTools): Promise<OpenedReader> {
  const { podman, files, sleep } = tools;
  if (FILES.includes(log.driver) && log.path !== '' && files.stat(log.path) !== undefined)
    try {
      return await fileReader(files, log.path, start, sleep);
    } catch {
      // The file was removed, or is not readable by this user.
    }
  if (log.driver === 'journald' && isHere(log, files) && (await hasJournal(podman.processes)))
    return journalReader(podman.processes, log.id, start, sleep);
  return commandReader(podman, log.name, start, sleep);
}
