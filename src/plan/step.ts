import type { RestartRule } from '../kube/spec/restart-policy.ts';
import type { Operation } from '../podman/operations/operation.ts';

/**
 * One command of a plan. A step comes after all steps that it needs. Independent steps may run in parallel.
 */
export interface Step {
  /** Stable: the same manifest and observed state give the same ID. */
  readonly id: string;
  /** IDs of steps that must succeed first. */
  readonly needs: readonly string[];
  /** IDs of steps that must have ended first, whatever their result. */
  readonly after?: readonly string[];
  /** Its change, by `subjectId`. Absent for shared steps, such as pulling an image. */
  readonly cause?: string;
  readonly operation: Operation;
  /** Retry with back-off, like Kubernetes: init containers, unless their restartPolicy is Never. */
  readonly retry?: 'back-off';
  /** Retry only after an exit code that one of these rules matches. */
  readonly retryRules?: readonly RestartRule[];
  /** Operations that restore the previous state if this step fails. All are tried, in order. */
  readonly undo?: readonly Operation[];
  /**
   * ID of the step that this one prepares. If that step is skipped, this one is undone although it succeeded: a container
   * that was stopped for its replacement is started again.
   */
  readonly undoUnless?: string;
}

/**
 * IDs of steps that no other step of the list needs or waits for: the next step needs these. `otherwise` if the list is
 * empty.
 */
export function lastIds(steps: readonly Step[], otherwise: readonly string[]): readonly string[] {
  const before = new Set(steps.flatMap(({ needs, after = [] }) => [...needs, ...after]));
  const last = steps.map(({ id }) => id).filter((id) => !before.has(id));
  return last.length > 0 ? last : otherwise;
}
