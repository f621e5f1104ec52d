import { isRestart, type Outcome } from '../apply/events.ts';
import { subjectId } from '../plan/change.ts';
import type { Plan } from '../plan/plan.ts';
import type { Step } from '../plan/step.ts';
import { isConflict } from '../podman/errors.ts';
import { serviceName } from '../podman/names.ts';

/**
 * Whether a plan failed only because of changes by others since it was made.
 * @param placedPods podman's names of the pods whose host ports and address podpose has chosen
 */
export function metConflict(
  { status, failed }: Pick<Outcome, 'status' | 'failed'>,
  plan: Plan,
  placedPods: ReadonlySet<string> = new Set(),
): boolean {
  return (
    status === 'failed' &&
    failed.every(({ step, failure }) => {
      if (isRestart(failure)) return true;
      if (failure.kind !== 'command') return false;
      const { code } = failure.diagnostic;
      const isPlace = code === 'port-in-use' || code === 'address-in-use';
      return isConflict(failure.diagnostic) || (isPlace && placedPods.has(podOf(step, plan) ?? ''));
    })
  );
}

/** podman's names of the pods of Services that could not be started, as their address is in use. */
export function addresslessPods({ failed }: Pick<Outcome, 'failed'>): ReadonlySet<string> {
  return new Set(
    failed.flatMap(({ step: { operation }, failure }) =>
      operation.kind === 'start-service' &&
      failure.kind === 'command' &&
      failure.diagnostic.code === 'address-in-use'
        ? [serviceName({ name: operation.service })]
        : [],
    ),
  );
}

/** podman's name of the pod that a step changes. */
function podOf({ cause }: Step, { changes }: Plan): string | undefined {
  const subject = changes.find((change) => subjectId(change.subject) === cause)?.subject;
  if (subject?.kind === 'service') return serviceName(subject);
  return subject !== undefined && 'pod' in subject ? subject.pod : undefined;
}
