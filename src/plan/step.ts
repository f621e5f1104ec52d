import type { Operation } from '../podman/operations/operation.ts';

/**
 * One command of a plan. Steps are ordered so that each comes after all that it needs; steps that do not
 * need one another may run side by side.
 */
export interface Step {
  /** Stable: the same for the same manifest and the same state of podman. */
  readonly id: string;
  /** Ids of the steps that must have succeeded before. */
  readonly needs: readonly string[];
  /** The change that it is part of, by `subjectId`; absent for what serves several, such as an image. */
  readonly cause?: string;
  readonly operation: Operation;
  /** Present on what Kubernetes tries again when it fails: an init container, unless its pod's restart policy is Never. */
  readonly retry?: 'back-off';
  /** What brings back what was there before, when this step fails. In order; each is tried, also when one of them fails. */
  readonly undo?: readonly Operation[];
  /**
   * Id of the step that this one makes way for. When that step is skipped, this one is undone although it has succeeded:
   * a container that was stopped for another one runs again when the other one is never started.
   */
  readonly undoUnless?: string;
}

/** The steps that nothing else in the list waits for: what comes next has to wait for these; for `otherwise` where there are none. */
export function lastIds(steps: readonly Step[], otherwise: readonly string[]): readonly string[] {
  const needed = new Set(steps.flatMap((step) => step.needs));
  const last = steps.map(({ id }) => id).filter((id) => !needed.has(id));
  return last.length > 0 ? last : otherwise;
}
