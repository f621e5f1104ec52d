import type { Diagnostic } from '../base/diagnostic.ts';
import { success } from '../base/result.ts';
import { observePods } from '../podman/inspect/observe.ts';
import type { Engine } from './engine.ts';
import { failed, type EngineResult } from './failure.ts';
import type { KnownPods } from './pod-reference.ts';
import type { ProjectLock } from './project-lock.ts';
import { findProject, findTarget, type Target, type TargetOptions } from './target.ts';

/** The target of a command that changes pods, and what was observed after the lock of its project was acquired. */
export interface LockedTarget<T> {
  readonly target: Target;
  readonly observed: T;
}

/**
 * Finds the target, acquires the lock of its project and observes podman.
 * @param check refuses a target before the lock is acquired
 */
export async function lockTarget<T extends KnownPods>(
  { platform, podman }: Engine,
  options: TargetOptions,
  lock: ProjectLock,
  observe: () => Promise<EngineResult<T>>,
  check: (target: Target) => Diagnostic | undefined = () => undefined,
): Promise<EngineResult<LockedTarget<T>>> {
  let target = findProject(platform, options);
  if (target === undefined) {
    // Only the labels of a pod tell its project.
    const listed = await observePods(podman);
    if (!listed.ok) return failed('failed', listed.error);
    target = findTarget(platform, options, listed.value);
  }
  if (!target.ok) return failed('usage', target.error);
  const refusal = check(target.value);
  if (refusal !== undefined) return failed('usage', [refusal]);
  const waited = await lock.wait(target.value.project);
  if (!waited.ok) return waited;
  const observed = await observe();
  if (!observed.ok) return observed;
  const found = findTarget(platform, options, observed.value);
  return found.ok ? success({ target: found.value, observed: observed.value }) : failed('usage', found.error);
}
