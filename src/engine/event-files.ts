import { hookFailureWords } from '../apply/hooks.ts';
import type { HookFailure } from '../kubelet/hooks.ts';
import type { WatchNotice } from '../kubelet/watched.ts';
import type { EnginePlatform } from './engine.ts';
import { recentEvents, withEvent, type PodEvent } from './pod-events.ts';
import { decodeEvents, noticeEvent } from './watch-events.ts';

/*
 * The events that podman does not have, when no process has them in memory. The watcher of a project and the commands
 * that change it have a file each, so that none overwrites what the other has written.
 */

type EventFiles = Pick<EnginePlatform, 'runtimeFiles' | 'today'>;

/** The events of the last hour that commands have added, such as `up`, whose hooks have failed. */
export function commandEvents(platform: EventFiles, project: string): readonly PodEvent[] {
  return read(platform, `${project}.events`);
}

/** The events of the last hour that the last watcher of a project has saved. */
export function savedWatcherEvents(platform: EventFiles, project: string): readonly PodEvent[] {
  return read(platform, `${project}.watcher.events`);
}

/** Saves the events of the watcher of a project. */
export function saveWatcherEvents(
  { runtimeFiles }: EventFiles,
  project: string,
  events: readonly PodEvent[],
): void {
  runtimeFiles.write(`${project}.watcher.events`, JSON.stringify(events));
}

/** Adds what a command has seen of a container, if it is an event that podman does not have. */
export function addCommandEvent(platform: EventFiles, project: string, notice: WatchNotice): void {
  const now = platform.today() / 1000;
  const event = noticeEvent(notice, now);
  if (event === undefined) return;
  const events = withEvent(commandEvents(platform, project), event, now);
  platform.runtimeFiles.write(`${project}.events`, JSON.stringify(events));
}

/** The failure of a hook as the notice of a watcher. */
export function hookNotice(failure: HookFailure): WatchNotice {
  const { hook, pod, container, role } = failure;
  const kind = hook === 'postStart' ? 'post-start-failed' : 'pre-stop-failed';
  return { kind, pod, container, role, message: hookFailureWords(failure), restarts: 0 };
}

function read({ runtimeFiles, today }: EventFiles, name: string): readonly PodEvent[] {
  const text = runtimeFiles.read(name);
  if (text === undefined) return [];
  try {
    return recentEvents(decodeEvents(JSON.parse(text)), today() / 1000);
  } catch {
    // Another version of podpose may have written it.
    return [];
  }
}
