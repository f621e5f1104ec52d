import { runCommand } from '../apply/carry-out.ts';
import { defined } from '../base/defined.ts';
import type { EndedRun, RecordOrder, WatchSettings } from '../kubelet/watched.ts';
import { scaleOf } from '../kubelet/watched-restarts.ts';
import type { PodmanClient } from '../podman/client/client.ts';
import { recordCreationOf } from '../podman/container-record.ts';
import type { PodmanCapabilities } from '../podman/inspect/version.ts';
import { createRecordCommand } from '../podman/operations/container-update.ts';
import { encodeWatcherRecord, type RecordedEnd, type WatcherRecord } from '../podman/watcher-record.ts';
import { listProject } from './watch-look.ts';

/** What is recorded of a container. */
export type ContainerRecording = Pick<RecordOrder, 'past' | 'run'> & {
  readonly container: Pick<RecordOrder['container'], 'id'>;
};

export interface RecordContext {
  readonly project: string;
  readonly podman: PodmanClient;
  readonly capabilities: PodmanCapabilities;
  readonly stop: AbortSignal;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Milliseconds to add to a time of podman for the monotonic clock. */
  readonly offset: number;
  readonly settings: WatchSettings;
}

/**
 * Records what podman does not keep of a container on its record container, which also has the last-applied record of the
 * container: for a plan, nothing has changed. The lock of the project is held. Returns podman's error.
 */
export async function writeWatcherRecord(
  order: ContainerRecording,
  context: RecordContext,
): Promise<string | undefined> {
  const { podman, project, capabilities } = context;
  const listed = await listProject(podman, project);
  if (!listed.ok) return listed.error[0]?.message;
  const { containers } = listed.value;
  const container = containers.find(({ id }) => id === order.container.id);
  const creation = container === undefined ? undefined : recordCreationOf(container, containers);
  // The container does not exist any more, or its update is not finished.
  if (creation === undefined) return undefined;
  const watcherRecord = encodeWatcherRecord(watcherRecordOf(order, context));
  const command = createRecordCommand({ ...creation, watcherRecord }, capabilities, podman.program);
  const error = await runCommand(command, context, `cannot record the restarts of ${creation.container}`);
  return error?.message;
}

/** Exported for tests. */
export function watcherRecordOf(
  { past: { restarts, backOff, lastEnd }, run }: Pick<RecordOrder, 'past' | 'run'>,
  { at, offset, settings }: Pick<RecordContext, 'at' | 'offset' | 'settings'>,
): WatcherRecord {
  const wall = (time: number | undefined) =>
    time === undefined || !Number.isFinite(time) ? undefined : Math.round(time - offset);
  const restartedAt = backOff === undefined ? undefined : wall(backOff.restartedAt * scaleOf(settings));
  return {
    at: Math.round(at),
    restarts,
    ...defined({
      backOff:
        backOff === undefined || restartedAt === undefined
          ? undefined
          : { seconds: backOff.seconds, restartedAt },
      startedAt: run.kind === 'running' ? wall(run.startedAt) : undefined,
      lastEnd: lastEnd === undefined ? undefined : recordedEnd(lastEnd, wall),
      failedStart:
        run.kind === 'ended'
          ? { finishedAt: wall(run.finishedAt) ?? Math.round(at), message: run.message ?? '' }
          : undefined,
    }),
  };
}

function recordedEnd(
  { exitCode, reason, startedAt, finishedAt, message }: EndedRun,
  wall: (time: number | undefined) => number | undefined,
): RecordedEnd {
  return {
    exitCode,
    reason,
    ...defined({ startedAt: wall(startedAt), finishedAt: wall(finishedAt), message }),
  };
}
