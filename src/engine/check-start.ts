import { defined } from '../base/defined.ts';
import { success } from '../base/result.ts';
import { lifecycleOf } from '../kube/spec/recorded-lifecycle.ts';
import type { Plan } from '../plan/plan.ts';
import { startedContainers } from '../plan/started-containers.ts';
import type { ObservedContainer } from '../podman/inspect/observed.ts';
import { lastAppliedContainer } from '../podman/last-applied.ts';
import { checkStarted } from './check-started.ts';
import type { CheckedContainer, CheckedPod } from './container-troubles.ts';
import { containerWatch } from './container-watch.ts';
import type { Engine } from './engine.ts';
import type { KilledByHook } from './failed-hooks.ts';
import type { EngineResult } from './failure.ts';
import { checkResult } from './rollout.ts';
import type { StopControl } from './stop-control.ts';

/**
 * Checks, as `up -d` does, that the containers that `start` or `restart` has started still run or have completed.
 * @param containers as observed for the plan
 * @param killed containers that the watcher is to restart
 */
export async function checkStart(
  engine: Engine,
  plan: Plan,
  containers: readonly ObservedContainer[],
  control: StopControl,
  killed: readonly KilledByHook[],
): Promise<EngineResult<undefined>> {
  const pods = podsOf(containers, startedContainers(plan));
  if (pods.length === 0) return success(undefined);
  const watch = containerWatch(engine, plan.project, control.stop);
  const troubles = await checkStarted(plan, { engine, pods, watch, stop: control.stop });
  return checkResult({ engine, control, watch }, troubles, killed);
}

/** The started containers in the terms of their last-applied records, by pod. */
function podsOf(
  containers: readonly ObservedContainer[],
  started: ReadonlySet<string>,
): readonly CheckedPod[] {
  const byPod = new Map<string, CheckedContainer[]>();
  for (const container of containers) {
    const { owner } = container;
    const checked = checkedContainer(container);
    if (owner === undefined || checked === undefined || !started.has(`${owner.pod}/${checked.name}`))
      continue;
    byPod.set(owner.pod, [...(byPod.get(owner.pod) ?? []), checked]);
  }
  return [...byPod].map(([name, own]) => ({
    name,
    initContainers: own.filter(({ role }) => role === 'init'),
    containers: own.filter(({ role }) => role === 'container'),
  }));
}

function checkedContainer({ owner, labels }: ObservedContainer): CheckedContainer | undefined {
  const record = lastAppliedContainer(labels);
  const { name, role } = owner ?? {};
  if (record === undefined || name === undefined || (role !== 'container' && role !== 'init'))
    return undefined;
  const { restartPolicyRules } = lifecycleOf(record.settings);
  return { ...record, name, role, ...defined({ restartPolicyRules }) };
}
