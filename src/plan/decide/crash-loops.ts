import type { DesiredContainer, DesiredPod } from '../../kube/spec/desired.ts';
import type { ObservedContainer, ObservedState } from '../../podman/inspect/observed.ts';
import { containerName } from '../../podman/names.ts';
import type { Change } from '../change.ts';
import type { PodDecision } from './decision.ts';

/**
 * The app containers that were restarted, or that podman may be about to restart. The `podman ps` of podman 4.3 has no
 * number of restarts: those that have ended before may be restarted, or started again.
 */
export function restartedContainers(
  pods: readonly DesiredPod[],
  { containers }: Pick<ObservedState, 'containers'>,
): readonly ObservedContainer[] {
  const policies = new Map(
    pods.flatMap((pod) => pod.containers.map((one) => [containerName(pod, one), one.restartPolicy] as const)),
  );
  return containers.filter(({ name, owner, restarts, exitedAt }) => {
    const policy = policies.get(name);
    const isRestarted = policy === 'Always' || policy === 'OnFailure';
    return isRestarted && owner !== undefined && (restarts === undefined ? exitedAt > 0 : restarts > 0);
  });
}

/**
 * Containers that are up to date and crash again and again. Nothing would be better after a recreation, so they are
 * reported and kept.
 */
export function crashLoopChanges(
  { desired, pod, containers }: PodDecision,
  known: Pick<ObservedState, 'containers' | 'crashLoops'>,
): readonly Change[] {
  if (pod.kind !== 'keep') return [];
  const isChanged = ({ name }: DesiredContainer) =>
    containers.some(({ container }) => container.name === name);
  return desired.containers.flatMap((container): readonly Change[] => {
    const name = containerName(desired, container);
    const id = known.containers.find((observed) => observed.name === name)?.id;
    const restarts = id === undefined ? undefined : known.crashLoops?.get(id);
    if (restarts === undefined || isChanged(container)) return [];
    return [
      {
        subject: { kind: 'container', pod: desired.name, role: 'container', name: container.name },
        action: 'check',
        reason: { kind: 'crash-looping', restarts, restartPolicy: container.restartPolicy },
      },
    ];
  });
}
