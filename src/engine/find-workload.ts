import { success } from '../base/result.ts';
import { observePods } from '../podman/inspect/observe.ts';
import type { ObservedContainer, ObservedPod } from '../podman/inspect/observed.ts';
import { decodeOwner } from '../podman/labels.ts';
import type { Engine } from './engine.ts';
import { failed, usageError, type EngineResult } from './failure.ts';
import { findTarget, type TargetOptions } from './target.ts';

export interface FoundWorkload {
  readonly project: string;
  /** With its namespace: `deploy/staging_web`. */
  readonly owner: string;
  readonly pods: readonly ObservedPod[];
  /** All containers. */
  readonly containers: readonly ObservedContainer[];
}

/** Finds the pods of a workload. @param options the operand is a workload: `deploy/web` */
export async function findWorkload(
  engine: Engine,
  options: TargetOptions,
): Promise<EngineResult<FoundWorkload>> {
  const observed = await observePods(engine.podman);
  if (!observed.ok) return failed('failed', observed.error);
  const target = findTarget(engine.platform, options, observed.value);
  if (!target.ok) return failed('usage', target.error);
  const { project, pods: names = [] } = target.value;
  const pods = observed.value.pods.filter(({ name }) => names.includes(name));
  const owner = decodeOwner(pods[0]?.labels ?? {});
  // A pod called `deploy` comes before the kind.
  if (owner === undefined)
    return failed('usage', [
      usageError(
        'no-such-workload',
        `${options.operands[0] ?? ''} names a pod, not a workload`,
        "'podpose ps -o wide' lists the pods with their workloads.",
      ),
    ]);
  return success({ project, owner, pods, containers: observed.value.containers });
}
