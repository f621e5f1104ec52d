import { defined } from '../base/defined.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { success } from '../base/result.ts';
import { planDown, type DownInput } from '../plan/plan-down.ts';
import type { Plan } from '../plan/plan.ts';
import { observe, observeNetworks, observeSecrets } from '../podman/inspect/observe.ts';
import type { ObservedState } from '../podman/inspect/observed.ts';
import type { Engine } from './engine.ts';
import { failed, usageError, type EngineResult } from './failure.ts';
import { lockTarget } from './locked-target.ts';
import type { ProjectLock } from './project-lock.ts';
import type { Target, TargetOptions } from './target.ts';

export interface DownOptions extends TargetOptions {
  /** Overrides terminationGracePeriodSeconds. */
  readonly graceSeconds?: number | undefined;
  /** Remove the volumes of PersistentVolumeClaims and their data, too. */
  readonly volumes: boolean;
}

/** A plan of `down` with its input. */
export interface PlannedDown {
  readonly input: DownInput;
  readonly plan: Plan;
}

/** Finds the target, acquires the lock, observes podman and plans the removal. */
export async function planTakeDown(
  engine: Engine,
  options: DownOptions,
  lock: ProjectLock,
): Promise<EngineResult<PlannedDown>> {
  const locked = await lockTarget(
    engine,
    options,
    lock,
    () => observeAll(engine),
    ({ containers }) => (containers === undefined ? undefined : containersNotRemoved(containers)),
  );
  if (!locked.ok) return locked;
  const { target, observed } = locked.value;
  return success(plannedDown({ ...target, observed }, options));
}

/** Observes and plans again after a conflict with another change. */
export async function planTakeDownAgain(
  engine: Engine,
  { input }: PlannedDown,
  options: DownOptions,
): Promise<EngineResult<Plan>> {
  const observed = await observeAll(engine);
  return observed.ok ? success(plannedDown({ ...input, observed: observed.value }, options).plan) : observed;
}

/** `down` removes whole pods: a container alone would come back with the next `up`. */
function containersNotRemoved(containers: NonNullable<Target['containers']>): Diagnostic {
  const [[pod, names] = ['', []]] = containers;
  return usageError(
    'whole-pods-only',
    `cannot remove a container of a pod: ${pod}/${names[0] ?? ''}`,
    `To remove the whole pod: podpose down ${pod}. To remove the container, delete it from the manifest and run podpose up.`,
  );
}

function plannedDown(input: DownInput, { graceSeconds, volumes }: DownOptions): PlannedDown {
  const plan = planDown({
    ...input,
    volumes,
    ...defined({ graceSeconds }),
  });
  return { input, plan };
}

async function observeAll({ podman }: Engine): Promise<EngineResult<ObservedState>> {
  const [observed, secrets, networks] = await Promise.all([
    observe(podman),
    observeSecrets(podman),
    observeNetworks(podman),
  ]);
  // Report one cause once.
  if (!observed.ok) return failed('failed', observed.error);
  if (!secrets.ok) return failed('failed', secrets.error);
  return networks.ok
    ? success({ ...observed.value, secrets: secrets.value, networks: networks.value })
    : failed('failed', networks.error);
}
