import type { Diagnostic } from '../base/diagnostic.ts';
import type { Plan } from '../plan/plan.ts';
import type { Step } from '../plan/step.ts';
import type { Stream } from '../platform/process.ts';

/**
 * What happens while a plan is carried out, told as it happens. Whatever a person or a program is shown of
 * a run is drawn from these, and from nothing else.
 */
export type ApplyEvent =
  | { readonly kind: 'plan-started'; readonly plan: Plan }
  | { readonly kind: 'step-started'; readonly step: Step; readonly attempt: number }
  /** A line that the command of the step printed. */
  | { readonly kind: 'step-output'; readonly step: Step; readonly stream: Stream; readonly line: string }
  /** The step has failed and will be tried again after so many seconds. */
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
  /** The step is not going to be run: something that it needs has failed, or the run was stopped before its turn. */
  | { readonly kind: 'step-skipped'; readonly step: Step; readonly because: SkipReason }
  /** No new step is begun from here on. */
  | { readonly kind: 'stopping'; readonly because: StopReason }
  | { readonly kind: 'plan-finished'; readonly outcome: Outcome };

export type StopReason = 'interrupted' | 'timeout';
export type SkipReason = 'needs-failed' | StopReason;

export type StepFailure = FailureKind & {
  /** Whether what was there before has been brought back; absent where the step takes nothing away. */
  readonly undone?: boolean;
};

type FailureKind =
  /** An init container came to a bad end, and is not tried again any more. It is left to be looked at. */
  | {
      readonly kind: 'init-container';
      readonly exitCode: number;
      readonly attempts: number;
      /** At most 20, the last that it printed. */
      readonly lastLines: readonly string[];
      /** Its termination message, where it has left one. */
      readonly message?: string;
    }
  /** The command did not do what it was asked for. */
  | { readonly kind: 'command'; readonly diagnostic: Diagnostic }
  /** The command was stopped because the whole run was. */
  | { readonly kind: 'stopped'; readonly because: StopReason };

export interface Outcome {
  readonly status: 'done' | 'failed' | StopReason;
  readonly succeeded: readonly Step[];
  readonly failed: readonly { readonly step: Step; readonly failure: StepFailure }[];
  readonly skipped: readonly Step[];
  /** Steps that had succeeded, but made way for one that was skipped, and whether they could be undone. */
  readonly undone: readonly { readonly step: Step; readonly isUndone: boolean }[];
}

/** What a signal to stop was given for. */
export function stopReason(signal: AbortSignal): StopReason {
  return signal.reason === 'timeout' ? 'timeout' : 'interrupted';
}
