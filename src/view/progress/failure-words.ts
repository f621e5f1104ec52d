import { count } from '../../base/text.ts';
import type { StepFailure, StopReason } from '../../apply/events.ts';
import { isConflict } from '../../podman/errors.ts';

/** A failure in a few words that can follow the name of what failed. */
export function failureWords(failure: StepFailure): string {
  switch (failure.kind) {
    case 'init-container':
      return failure.attempts === 1
        ? exitWords(failure.exitCode)
        : `${exitWords(failure.exitCode)}, after ${count(failure.attempts, 'attempt')}`;
    case 'command':
      // Observed and planned again, it may well be done: `failed` would be the last word on it.
      return isConflict(failure.diagnostic) ? 'changed by something else meanwhile' : 'failed';
    case 'stopped':
      return 'interrupted';
  }
}

/** `failed with exit code 3` */
export function exitWords(exitCode: number): string {
  return `failed with exit code ${exitCode}`;
}

export function stoppingWords(because: StopReason): string {
  return because === 'timeout'
    ? 'The time is up. Waiting for what is under way; Ctrl-C ends it at once.'
    : 'Stopping. Waiting for what is under way; Ctrl-C again ends it at once.';
}
