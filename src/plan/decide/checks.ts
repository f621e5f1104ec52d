import type { DesiredContainer, DesiredPod } from '../../kube/spec/desired.ts';
import { lastingContainers } from '../../kube/spec/restart-policy.ts';
import type { ObservedContainer, ObservedState } from '../../podman/inspect/observed.ts';
import { isLabelledWatched } from '../../podman/labels.ts';
import { containerName } from '../../podman/names.ts';
import type { Change, Reason } from '../change.ts';
import type { PodDecision } from './decision.ts';

/** The running containers whose probes decide whether they are ready, and whose watcher can be asked. */
export function probedContainers(
  pods: readonly DesiredPod[],
  { containers }: Pick<ObservedState, 'containers'>,
): readonly ObservedContainer[] {
  const probed = new Set(
    pods.flatMap((pod) =>
      lastingContainers(pod)
        .filter(isProbed)
        .map((one) => containerName(pod, one)),
    ),
  );
  return containers.filter(
    ({ name, owner, state, labels }) =>
      owner !== undefined && state === 'running' && probed.has(name) && isLabelledWatched(labels),
  );
}

function isProbed({ startupProbe, readinessProbe }: DesiredContainer): boolean {
  return startupProbe !== undefined || readinessProbe !== undefined;
}

type CheckedState = Pick<ObservedState, 'containers' | 'crashLoops' | 'notReady'>;

/**
 * Containers that are up to date and do not work as they should: they crash again and again, or are not ready. Nothing
 * would be better after a recreation, so they are reported and kept.
 */
export function checkChanges(
  { desired, pod, init, containers }: PodDecision,
  known: CheckedState,
): readonly Change[] {
  if (pod.kind !== 'keep') return [];
  const isChanged = ({ name }: DesiredContainer) =>
    [...init, ...containers].some(({ container }) => container.name === name);
  return lastingContainers(desired).flatMap((container): readonly Change[] => {
    const name = containerName(desired, container);
    const id = known.containers.find((observed) => observed.name === name)?.id;
    const reason = id === undefined ? undefined : reasonToCheck(id, container, known);
    if (reason === undefined || isChanged(container)) return [];
    const { role } = container;
    return [
      {
        subject: { kind: 'container', pod: desired.name, role, name: container.name },
        action: 'check',
        reason,
      },
    ];
  });
}

function reasonToCheck(
  id: string,
  { restartPolicy }: DesiredContainer,
  { crashLoops, notReady }: CheckedState,
): Reason | undefined {
  const restarts = crashLoops?.get(id);
  if (restarts !== undefined) return { kind: 'crash-looping', restarts, restartPolicy };
  const probe = notReady?.get(id);
  return probe === undefined ? undefined : { kind: 'not-ready', probe };
}
