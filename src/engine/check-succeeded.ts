import type { Outcome } from '../apply/events.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { startedContainers } from '../plan/started-containers.ts';
import { checkStarted } from './check-started.ts';
import type { Engine } from './engine.ts';
import type { PlannedProject } from './plan-project.ts';
import { latePods } from './late-pods.ts';
import { rolloutOf } from './rollout.ts';
import type { StopControl } from './stop-control.ts';
import { troubleDiagnostics } from './trouble-diagnostics.ts';

/**
 * Errors about the containers that a plan has started although another of its steps has failed: those that have ended at
 * once. None after a signal or a time limit, and none of a pod that was stopped at its deadline.
 */
export async function checkSucceeded(
  engine: Engine,
  planned: PlannedProject,
  { status, succeeded: steps, failed }: Outcome,
  control: StopControl,
): Promise<readonly Diagnostic[]> {
  const plan = { ...planned.plan, steps, changes: [] };
  const started = startedContainers(plan);
  if (status !== 'failed' || started.size === 0) return [];
  const rollout = rolloutOf(engine, planned, control);
  const troubles = await checkStarted(plan, { ...rollout, stop: control.stop });
  const killed = killedByHook(failed);
  const late = await latePods(rollout.project, rollout.pods, rollout.watch.observe);
  const own = troubles.filter(({ pod, container }) => {
    const key = `${pod.name}/${container.name}`;
    return started.has(key) && !killed.has(key) && !late.some(({ name }) => name === pod.name);
  });
  return own.length === 0 ? [] : troubleDiagnostics(engine, own, control.stop);
}

/** The containers whose postStart hook has failed: its error tells why they have ended. */
function killedByHook(failed: Outcome['failed']): ReadonlySet<string> {
  const keys = failed.flatMap(({ step: { operation } }) =>
    operation.kind === 'run-post-start' ? [`${operation.pod}/${operation.container}`] : [],
  );
  return new Set(keys);
}
