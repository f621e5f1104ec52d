import { count } from '../../base/text.ts';
import type { StepFailure, StopReason } from '../../apply/events.ts';
import { isConflict } from '../../podman/errors.ts';

/** A failure as text, to follow its subject. */
export function failureWords(failure: StepFailure): string {
  switch (failure.kind) {
    case 'init-container':
      return failure.attempts === 1
        ? exitWords(failure.exitCode)
        : `${exitWords(failure.exitCode)}, after ${count(failure.attempts, 'attempt')}`;
    case 'command':
      // The change may succeed after the project is planned again, so it has not failed yet.
      return isConflict(failure.diagnostic) ? 'changed by something else meanwhile' : 'failed';
    case 'restarting':
      return 'postStart failed, will be restarted';
    case 'restarted':
      return 'postStart failed, was restarted';
    case 'stopped':
      return 'interrupted';
  }
}

/** `failed (exit code 3)` */
export function exitWords(exitCode: number): string {
  return `failed (exit code ${exitCode})`;
}

export function stoppingWords(because: StopReason): string {
  return because === 'timeout'
    ? 'Time limit reached. Finishing running steps. Press Ctrl-C to abort.'
    : 'Stopping. Finishing running steps. Press Ctrl-C again to abort.';
}
