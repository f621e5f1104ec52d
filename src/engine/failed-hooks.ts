import type { Outcome } from '../apply/events.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import type { TroubledContainer } from './container-troubles.ts';

/** A container that was killed since its postStart hook has failed, and that the watcher restarts. */
export interface KilledByHook {
  readonly pod: string;
  readonly container: string;
  /** An error, with the output of the hook. */
  readonly diagnostic: Diagnostic;
}

/** The containers that a plan has started and killed, and leaves to the watcher, in the order of their ends. */
export function killedByHooks({ failed }: Pick<Outcome, 'failed'>): readonly KilledByHook[] {
  return failed.flatMap(({ step: { operation }, failure }) =>
    operation.kind === 'run-post-start' && failure.kind === 'restarting'
      ? [{ pod: operation.pod, container: operation.container, diagnostic: failure.diagnostic }]
      : [],
  );
}

/** Warnings about the sidecars that were restarted while the plan was applied. */
export function restartWarnings({ failed }: Pick<Outcome, 'failed'>): readonly Diagnostic[] {
  return failed.flatMap(({ failure }) =>
    failure.kind === 'restarted' ? [asWarning({ ...failure.diagnostic, help: RESTARTED })] : [],
  );
}

const RESTARTED = 'The container was killed and restarted, as on a cluster.';

/** For a command that goes on, and waits for the restart. */
export function asWarning(diagnostic: Diagnostic): Diagnostic {
  return { ...diagnostic, severity: 'warning' };
}

/** The containers in trouble without those that were killed: the errors of their hooks tell more. */
export function withoutKilled(
  troubles: readonly TroubledContainer[],
  killed: readonly KilledByHook[],
): readonly TroubledContainer[] {
  return troubles.filter(
    ({ pod, container }) => !killed.some((one) => one.pod === pod.name && one.container === container.name),
  );
}
