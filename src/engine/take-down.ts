import { success } from '../base/result.ts';
import { planDown, type DownInput } from '../plan/plan-down.ts';
import type { Plan } from '../plan/plan.ts';
import { observe, observePods, observeSecrets } from '../podman/inspect/observe.ts';
import type { ObservedState } from '../podman/inspect/observed.ts';
import type { Engine } from './engine.ts';
import { failed, type EngineResult } from './failure.ts';
import type { ProjectLock } from './project-lock.ts';
import { findProject, findTarget, type TargetOptions } from './target.ts';

export interface DownOptions extends TargetOptions {
  /** Seconds; each pod's own grace period when absent. */
  readonly graceSeconds?: number | undefined;
  /** Remove the volumes of PersistentVolumeClaims, too, with all that is in them. */
  readonly volumes: boolean;
}

/** What is to be taken down, and how. */
export interface PlannedDown {
  readonly input: DownInput;
  readonly plan: Plan;
}

/** Finds out what is to be taken down, observes it once nobody else changes it, and plans. */
export async function planTakeDown(
  engine: Engine,
  options: DownOptions,
  lock: ProjectLock,
): Promise<EngineResult<PlannedDown>> {
  const { platform, podman } = engine;
  let target = findProject(platform, options);
  if (target === undefined) {
    // The project that pods belong to is known by their labels only.
    const listed = await observePods(podman);
    if (!listed.ok) return failed('failed', listed.error);
    target = findTarget(platform, options, listed.value);
  }
  if (!target.ok) return failed('usage', target.error);
  const waited = await lock.wait(target.value.project);
  if (!waited.ok) return waited;
  const observed = await observeAll(engine);
  if (!observed.ok) return observed;
  const found = findTarget(platform, options, observed.value);
  return found.ok
    ? success(plannedDown({ ...found.value, observed: observed.value }, options))
    : failed('usage', found.error);
}

/** Observes and plans once more, where something else has changed the same things meanwhile. */
export async function planTakeDownAgain(
  engine: Engine,
  { input }: PlannedDown,
  options: DownOptions,
): Promise<EngineResult<Plan>> {
  const observed = await observeAll(engine);
  return observed.ok ? success(plannedDown({ ...input, observed: observed.value }, options).plan) : observed;
}

function plannedDown(input: DownInput, { graceSeconds, volumes }: DownOptions): PlannedDown {
  const plan = planDown({
    ...input,
    volumes,
    ...(graceSeconds === undefined ? {} : { graceSeconds }),
  });
  return { input, plan };
}

async function observeAll({ podman }: Engine): Promise<EngineResult<ObservedState>> {
  const [observed, secrets] = await Promise.all([observe(podman), observeSecrets(podman)]);
  // One cause is reported once.
  if (!observed.ok) return failed('failed', observed.error);
  return secrets.ok
    ? success({ ...observed.value, secrets: secrets.value })
    : failed('failed', secrets.error);
}
