import type { StepFailure, StopReason } from '../apply/events.ts';
import { count } from '../plan/describe.ts';

/** A failure in a few words that can follow the name of what failed. */
export function failureWords(failure: StepFailure): string {
  switch (failure.kind) {
    case 'init-container':
      return failure.attempts === 1
        ? `failed with exit code ${failure.exitCode.toString()}`
        : `failed with exit code ${failure.exitCode.toString()}, after ${count(failure.attempts, 'attempt')}`;
    case 'command':
      return 'failed';
    case 'stopped':
      return 'stopped';
  }
}

/** Why a failed init container is not running at the moment: `failed with exit code 3; trying again in 10 s (attempt 2)`. */
export function waitingWords(event: {
  readonly exitCode: number;
  readonly seconds: number;
  readonly attempt: number;
}): string {
  const { exitCode, seconds, attempt } = event;
  return `failed with exit code ${exitCode.toString()}; trying again in ${seconds.toString()} s (attempt ${(attempt + 1).toString()})`;
}

export function stoppingWords(because: StopReason): string {
  return because === 'timeout'
    ? 'The time is up. Waiting for what is under way; Ctrl-C ends it at once.'
    : 'Stopping. Waiting for what is under way; Ctrl-C again ends it at once.';
}
