import type { Step } from '../plan/step.ts';
import { askRunDetails } from '../podman/inspect/run-details.ts';
import { definitionOf, policyOf } from '../podman/operations/registry.ts';
import type { WatcherRecord } from '../podman/watcher-record.ts';
import type { ExecuteContext } from './context.ts';

/**
 * What the retry of an init container has to record, as it replaces the container that has failed.
 * @param restarts with this one
 * @returns undefined for a step that starts the same container again: podman's events tell of its runs
 */
export async function restartsOf(
  { operation }: Step,
  restarts: number,
  exitCode: number,
  { podman }: Pick<ExecuteContext, 'podman'>,
): Promise<WatcherRecord | undefined> {
  const { attached } = policyOf(operation);
  if (definitionOf(operation).again === undefined || attached === undefined) return undefined;
  const asked = await askRunDetails(podman, [attached.name]);
  const run = asked.ok ? asked.value[0] : undefined;
  const reason = run?.isOomKilled === true ? 'OOMKilled' : 'Error';
  if (run === undefined || run.finishedAt === 0) return { at: 0, restarts, lastEnd: { exitCode, reason } };
  const [startedAt, finishedAt] = [Math.round(run.startedAt), Math.round(run.finishedAt)];
  return { at: finishedAt, restarts, lastEnd: { exitCode, reason, startedAt, finishedAt } };
}
