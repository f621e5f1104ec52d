import type { ApplyEvent } from '../apply/events.ts';
import { hookFailureWords } from '../apply/hooks.ts';
import type { HookFailure } from '../kubelet/hooks.ts';
import type { WatchNotice } from '../kubelet/watched.ts';
import { definitionOf } from '../podman/operations/registry.ts';
import type { EnginePlatform } from './engine.ts';
import { recentEvents, withEvent, type PodEvent } from './pod-events.ts';
import { decodeEvents, noticeEvent } from './watch-events.ts';
import { decodeReport, type WatchReport } from './watch-report.ts';

/*
 * What podman does not have, for the time when no process has it in memory: what the watcher of a project has seen, and
 * the events of the commands that change it. Each has a file, so that none overwrites what the other has written.
 */

type RuntimeContext = Pick<EnginePlatform, 'runtimeFiles' | 'today'>;

/** The events of the last hour that commands have added, such as `up`, whose hooks have failed. */
export function commandEvents(platform: RuntimeContext, project: string): readonly PodEvent[] {
  const text = platform.runtimeFiles.read(commandFile(project));
  if (text === undefined) return [];
  try {
    return recentEvents(decodeEvents(JSON.parse(text)), platform.today() / 1000);
  } catch {
    // Another version of podpose may have written it.
    return [];
  }
}

function commandFile(project: string): string {
  return `${project}.events.json`;
}

/** The last report that a watcher of a project has saved, with its events of the last hour; undefined if there is none. */
export function savedReport(
  { runtimeFiles, today }: RuntimeContext,
  project: string,
): WatchReport | undefined {
  const text = runtimeFiles.read(reportFile(project));
  const report = text === undefined ? undefined : decodeReport(text);
  return report && { ...report, events: recentEvents(report.events ?? [], today() / 1000) };
}

/** Saves the report of the watcher of a project, for the next one. */
export function saveReport({ runtimeFiles }: RuntimeContext, project: string, report: WatchReport): void {
  runtimeFiles.write(reportFile(project), JSON.stringify(report));
}

function reportFile(project: string): string {
  return `${project}.watcher.json`;
}

/** Adds what a command has seen of a container, if it is an event that podman does not have. */
export function addCommandEvent(platform: RuntimeContext, project: string, notice: WatchNotice): void {
  const now = platform.today() / 1000;
  const event = noticeEvent(notice, now);
  if (event === undefined) return;
  const events = withEvent(commandEvents(platform, project), event, now);
  platform.runtimeFiles.write(commandFile(project), JSON.stringify(events));
}

/** The failure of a hook as the notice of a watcher. */
export function hookNotice(failure: HookFailure): WatchNotice {
  const { hook, pod, container, role } = failure;
  const kind = hook === 'postStart' ? 'post-start-failed' : 'pre-stop-failed';
  return { kind, pod, container, role, message: hookFailureWords(failure), restarts: 0 };
}

/** The back-off of an init container that is retried, as the notice of a watcher; undefined for any other event. */
export function backOffNotice(event: ApplyEvent): WatchNotice | undefined {
  if (event.kind !== 'step-waiting') return undefined;
  const { step, attempt, exitCode, seconds } = event;
  const { pod = '', container = '' } = definitionOf(step.operation).target(step.operation);
  return {
    ...{ kind: 'ended', pod, container, role: 'init' },
    ...{ exitCode, waitSeconds: seconds, restarts: attempt - 1 },
  };
}
