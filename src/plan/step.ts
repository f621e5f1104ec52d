import type { Operation } from '../podman/operation.ts';

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
}
