import type { Diagnostic } from '../base/diagnostic.ts';

/** The deadlines (activeDeadlineSeconds) of the pods that a plan starts. */
export interface PodDeadlines {
  /** Aborted at the deadline of a pod: it is being stopped, and none of its containers may start again. */
  readonly passed: (pod: string) => AbortSignal;
  /** The error of a pod whose deadline has passed. */
  readonly error: (pod: string) => Diagnostic;
}
