import type { Outcome } from '../apply/events.ts';
import { START_FAILED, type EndedRun, type WatchSettings } from '../kubelet/watched.ts';
import type { PodmanCapabilities } from '../podman/inspect/version.ts';
import type { ObservedContainer } from '../podman/inspect/observed.ts';
import { askRunDetails } from '../podman/inspect/run-details.ts';
import { containerName } from '../podman/names.ts';
import type { Operation } from '../podman/operations/operation.ts';
import type { Engine } from './engine.ts';
import { isWatchable, listProject } from './watch-look.ts';
import { writeWatcherRecord } from './watch-record.ts';

export interface FailedStartsContext {
  readonly project: string;
  readonly capabilities: PodmanCapabilities;
  readonly stop: AbortSignal;
  readonly settings: WatchSettings;
}

/**
 * Records the starts of new containers that have failed and of which podman has no trace, as podman 4.3.1 for an unknown user
 * (`startFailureOf`): a watcher tries them again, and their status has the reason. The lock of the project is held. A record
 * that cannot be written is left out: the failure itself is reported.
 */
export async function recordFailedStarts(
  { platform, podman }: Pick<Engine, 'platform' | 'podman'>,
  { failed }: Pick<Outcome, 'failed'>,
  { project, capabilities, stop, settings }: FailedStartsContext,
): Promise<void> {
  const messages = new Map(
    failed.flatMap(({ step: { operation }, failure }) => {
      const name = startedBy(operation);
      return name === undefined || failure.kind !== 'command' ? [] : [[name, failure.diagnostic.message]];
    }),
  );
  if (messages.size === 0 || stop.aborted) return;
  const listed = await listProject(podman, project);
  if (!listed.ok) return;
  const isUntried = (one: ObservedContainer) =>
    isWatchable(one) && one.state === 'created' && messages.has(one.name);
  const started = listed.value.containers.filter(isUntried);
  const details = await askRunDetails(
    podman,
    started.map(({ id }) => id),
  );
  if (!details.ok) return;
  const at = platform.today();
  const offset = platform.clock.now() - at;
  for (const { id, name } of started) {
    if (details.value.find((one) => one.id === id)?.startFailure !== undefined) continue;
    const run: EndedRun = {
      ...{ kind: 'ended', finishedAt: at + offset, exitCode: START_FAILED, reason: 'StartError' },
      message: messages.get(name) ?? '',
    };
    const order = { container: { id }, past: { restarts: 0 }, run };
    await writeWatcherRecord(order, { podman, project, capabilities, stop, at, offset, settings });
  }
}

/** podman's name of the container that an operation starts. */
function startedBy(operation: Operation): string | undefined {
  if (operation.kind === 'run-container') return containerName(operation.pod, operation.container);
  if (operation.kind !== 'start-container') return undefined;
  return containerName({ name: operation.pod }, { name: operation.container });
}
