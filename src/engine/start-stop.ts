import type { Diagnostic } from '../base/diagnostic.ts';
import { success, type Result } from '../base/result.ts';
import { externalHosts } from '../kube/services/external-name.ts';
import { withServiceStarts } from '../plan/build/service-starts.ts';
import { unwatchedPlan } from '../plan/decide/watched.ts';
import type { Plan } from '../plan/plan.ts';
import { planJobPause } from '../plan/plan-job-pause.ts';
import { planRestartContainers, planStart } from '../plan/plan-start.ts';
import { knownNames } from '../plan/plan-services.ts';
import { planStop } from '../plan/plan-stop.ts';
import { observe } from '../podman/inspect/observe.ts';
import { appliedContainers } from '../podman/inspect/container-list.ts';
import type { ObservedContainer, ObservedPod, ObservedState } from '../podman/inspect/observed.ts';
import type { Engine } from './engine.ts';
import { failed, usageError, type EngineResult } from './failure.ts';
import { lookUpHosts } from './look-up-hosts.ts';
import { lockTarget } from './locked-target.ts';
import { ownContainers } from './pod-containers.ts';
import type { ProjectLock } from './project-lock.ts';
import type { Target, TargetOptions } from './target.ts';

export interface StartStopOptions extends TargetOptions {
  readonly action: 'start' | 'stop' | 'restart';
  /** Overrides terminationGracePeriodSeconds. */
  readonly graceSeconds?: number | undefined;
  /** podpose's watcher runs the probes. */
  readonly isWatched: boolean;
}

export interface PlannedStartStop {
  readonly plan: Plan;
  /** The names of the pods and CronJobs that the plan is about, whether it changes them or not. */
  readonly pods: readonly string[];
  readonly target: Target;
  readonly containers: readonly ObservedContainer[];
  /** Containers of these pods as applied last that do not exist, as `POD/CONTAINER`. */
  readonly missing: readonly string[];
}

/** Finds the target, acquires the lock and plans. Pods that do not exist are not created: `up` does. */
export async function planStartStop(
  engine: Engine,
  options: StartStopOptions,
  lock: ProjectLock,
): Promise<EngineResult<PlannedStartStop>> {
  const check = options.action === 'restart' ? undefined : wholePodsOnly(options.action);
  const naming: TargetOptions =
    options.action === 'restart' ? { ...options, withoutInit: true } : { ...options, withCronJobs: true };
  const locked = await lockTarget(engine, naming, lock, () => observeAll(engine), check);
  if (!locked.ok) return locked;
  const { target, observed } = locked.value;
  return planned(target, await withHosts(engine, target, observed), options);
}

/** Observes and plans again after a conflict with another change. */
export async function planStartStopAgain(
  engine: Engine,
  { target }: PlannedStartStop,
  options: StartStopOptions,
): Promise<EngineResult<Plan>> {
  const observed = await observeAll(engine);
  if (!observed.ok) return observed;
  // What was restarted before the conflict is restarted again: it is not known how far it came.
  const again = planned(target, await withHosts(engine, target, observed.value), options);
  return again.ok ? success(again.value.plan) : again;
}

function planned(
  target: Target,
  observed: ObservedState,
  { action, graceSeconds, isWatched }: StartStopOptions,
): EngineResult<PlannedStartStop> {
  const result = planOf(action, { ...target, observed, graceSeconds });
  if (!result.ok) return failed('failed', result.error);
  const ofPods = isWatched ? result.value : unwatchedPlan(result.value);
  const paused = planJobPause({ ...target, observed }, action);
  const withJobs: Plan = {
    ...ofPods,
    changes: [...paused.changes, ...ofPods.changes],
    steps: [...paused.steps, ...ofPods.steps],
  };
  const plan = action === 'stop' ? withJobs : withServiceStarts(withJobs, observed);
  const pods = observed.pods.filter(
    ({ name, owner }) => owner?.project === target.project && (target.pods?.includes(name) ?? true),
  );
  return success({
    plan,
    pods: [...pods.map(({ name }) => name).sort(), ...(target.cronJobs ?? [])],
    target,
    containers: observed.containers,
    missing: pods.flatMap((pod) => missingIn(pod, observed.containers)),
  });
}

function missingIn(pod: ObservedPod, containers: readonly ObservedContainer[]): readonly string[] {
  const existing = ownContainers(pod, containers);
  return (appliedContainers(pod, containers) ?? [])
    .filter(({ name }) => !existing.has(name))
    .map(({ name }) => `${pod.name}/${name}`);
}

function planOf(
  action: StartStopOptions['action'],
  input: Target & { readonly observed: ObservedState; readonly graceSeconds: number | undefined },
): Result<Plan> {
  if (action === 'stop') return success(planStop(input));
  const { containers, pods } = input;
  const restart = action === 'restart';
  if (containers === undefined || containers.size === 0) return planStart({ ...input, restart });
  const inside = planRestartContainers({ ...input, restart, pods: [...containers.keys()], containers });
  const whole = planStart({ ...input, restart, pods: pods?.filter((pod) => !containers.has(pod)) ?? [] });
  if (!inside.ok || !whole.ok) return inside.ok ? whole : inside;
  return success({
    ...whole.value,
    changes: [...whole.value.changes, ...inside.value.changes],
    steps: [...whole.value.steps, ...inside.value.steps],
  });
}

function wholePodsOnly(action: 'start' | 'stop'): (target: Target) => Diagnostic | undefined {
  return ({ containers }) => {
    const [entry] = containers ?? [];
    if (entry === undefined) return undefined;
    const [pod, [container = '']] = entry;
    return usageError(
      'whole-pods-only',
      `cannot ${action} a container of a pod: ${pod}/${container}`,
      action === 'stop'
        ? `podpose stop ${pod} stops the whole pod; podpose restart and podpose kill take ${pod}/${container}.`
        : `podpose start ${pod} starts all containers of the pod that do not run.`,
    );
  };
}

/** With the addresses of the hosts that Services of the project lead to. */
async function withHosts(
  { platform }: Engine,
  { project }: Target,
  observed: ObservedState,
): Promise<ObservedState> {
  const { services } = knownNames({ project, services: [], observed });
  return { ...observed, hostAddresses: await lookUpHosts(platform, externalHosts(services)) };
}

async function observeAll({ podman }: Engine): Promise<EngineResult<ObservedState>> {
  const observed = await observe(podman);
  return observed.ok ? observed : failed('failed', observed.error);
}
