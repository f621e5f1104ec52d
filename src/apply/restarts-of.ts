import { defined } from '../base/defined.ts';
import type { BackOff } from '../kubelet/container-lifecycle.ts';
import type { Step } from '../plan/step.ts';
import { askRunDetails } from '../podman/inspect/run-details.ts';
import { definitionOf, policyOf } from '../podman/operations/registry.ts';
import type { WatcherRecord } from '../podman/watcher-record.ts';
import type { ExecuteContext } from './context.ts';

/** A retry that is about to begin. */
export interface Retry {
  /** The number of the attempt that has failed, from 1. */
  readonly attempt: number;
  readonly exitCode: number;
  /** How long it has waited since the end, in seconds. */
  readonly seconds: number;
  /** After this retry. */
  readonly backOff: BackOff | undefined;
}

/**
 * What the retry of an init container has to record, as it replaces the container that has failed.
 * @returns undefined for a step that starts the same container again: podman's events tell of its runs
 */
export async function restartsOf(
  { operation }: Step,
  { attempt: restarts, exitCode, seconds, backOff }: Retry,
  { podman }: Pick<ExecuteContext, 'podman'>,
): Promise<WatcherRecord | undefined> {
  const { attached } = policyOf(operation);
  if (definitionOf(operation).again === undefined || attached === undefined) return undefined;
  const asked = await askRunDetails(podman, [attached.name]);
  const run = asked.ok ? asked.value[0] : undefined;
  const reason = run?.isOomKilled === true ? 'OOMKilled' : 'Error';
  if (run === undefined || run.finishedAt === 0) return { at: 0, restarts, lastEnd: { exitCode, reason } };
  const [startedAt, finishedAt] = [Math.round(run.startedAt), Math.round(run.finishedAt)];
  const restartedAt = Math.round(finishedAt + seconds * 1000);
  return {
    ...{ at: finishedAt, restarts, lastEnd: { exitCode, reason, startedAt, finishedAt } },
    ...defined({ backOff: backOff === undefined ? undefined : { seconds: backOff.seconds, restartedAt } }),
  };
}
