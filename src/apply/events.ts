import type { Diagnostic } from '../base/diagnostic.ts';
import type { Plan } from '../plan/plan.ts';
import type { Step } from '../plan/step.ts';
import type { Stream } from '../platform/process.ts';

/** Events of applying a plan, in order. All progress output is rendered from them. */
export type ApplyEvent =
  | { readonly kind: 'plan-started'; readonly plan: Plan }
  | { readonly kind: 'step-started'; readonly step: Step; readonly attempt: number }
  /** A line of output of the step's command. */
  | { readonly kind: 'step-output'; readonly step: Step; readonly stream: Stream; readonly line: string }
  /** The step has failed, and is retried after `seconds`. */
  | {
      readonly kind: 'step-waiting';
      readonly step: Step;
      readonly attempt: number;
      readonly exitCode: number;
      readonly seconds: number;
    }
  | { readonly kind: 'step-succeeded'; readonly step: Step; readonly seconds: number }
  | {
      readonly kind: 'step-failed';
      readonly step: Step;
      readonly seconds: number;
      readonly failure: StepFailure;
    }
  /** The step does not run: a step that it needs has failed, or the run was stopped. */
  | { readonly kind: 'step-skipped'; readonly step: Step; readonly because: SkipReason }
  /** No new step starts from here on. */
  | { readonly kind: 'stopping'; readonly because: StopReason }
  | { readonly kind: 'plan-finished'; readonly outcome: Outcome };

export type StopReason = 'interrupted' | 'timeout';
export type SkipReason = 'needs-failed' | StopReason;

export type StepFailure = FailureKind & {
  /** Whether the rollback succeeded. Absent if the step has nothing to roll back. */
  readonly undone?: boolean;
};

type FailureKind =
  /** An init container has failed and is not retried. The failed container is kept for inspection. */
  | {
      readonly kind: 'init-container';
      readonly exitCode: number;
      readonly attempts: number;
      /** The last lines of its output, at most 20. */
      readonly lastLines: readonly string[];
      /** Its termination message, if any. */
      readonly message?: string;
    }
  /** The command has failed. */
  | { readonly kind: 'command'; readonly diagnostic: Diagnostic }
  /**
   * A container was killed since its postStart hook has failed, and the watcher restarts it: the run goes on. A sidecar has
   * been restarted already, as other containers wait for it.
   */
  | { readonly kind: 'restarting' | 'restarted'; readonly diagnostic: Diagnostic }
  /** The command was ended because the run was stopped. */
  | { readonly kind: 'stopped'; readonly because: StopReason };

export interface Outcome {
  /** `done` even if a container that is restarted is among the failures. */
  readonly status: 'done' | 'failed' | StopReason;
  readonly succeeded: readonly Step[];
  readonly failed: readonly { readonly step: Step; readonly failure: StepFailure }[];
  readonly skipped: readonly Step[];
  /** Steps that were rolled back because the step they prepared was skipped, and whether the rollback succeeded. */
  readonly undone: readonly { readonly step: Step; readonly isUndone: boolean }[];
}

/** Whether a step has failed without an effect on the other steps: its container is restarted. */
export function isRestart(
  failure: StepFailure,
): failure is Extract<StepFailure, { readonly kind: 'restarting' | 'restarted' }> {
  return failure.kind === 'restarting' || failure.kind === 'restarted';
}

/** The failure of a step that was ended because the run was stopped. */
export function stopped(stop: AbortSignal): StepFailure {
  return { kind: 'stopped', because: stopReason(stop) };
}

/** The reason of an aborted stop signal. */
export function stopReason(signal: AbortSignal): StopReason {
  return signal.reason === 'timeout' ? 'timeout' : 'interrupted';
}
