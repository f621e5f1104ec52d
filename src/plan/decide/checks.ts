import type { DesiredContainer, DesiredPod } from '../../kube/spec/desired.ts';
import { lifecycleOf } from '../../kube/spec/recorded-lifecycle.ts';
import { lastingContainers } from '../../kube/spec/restart-policy.ts';
import type { ObservedContainer, ObservedState } from '../../podman/inspect/observed.ts';
import { decodeOwner, isLabelledWatched } from '../../podman/labels.ts';
import { lastAppliedContainer } from '../../podman/last-applied.ts';
import { containerName } from '../../podman/names.ts';
import type { Change, Reason } from '../change.ts';
import type { PodDecision } from './decision.ts';

/** The running containers whose probes decide whether they are ready, and whose watcher can be asked. */
export function probedContainers(
  pods: readonly DesiredPod[],
  { containers, pods: existing }: Pick<ObservedState, 'containers' | 'pods'>,
): readonly ObservedContainer[] {
  const old = podsOfEarlierTemplates(pods, existing);
  const probed = new Set(
    pods.flatMap((pod) =>
      lastingContainers(pod)
        .filter(isProbed)
        .map((one) => containerName(pod, one)),
    ),
  );
  return containers.filter(
    ({ name, owner, state, labels }) =>
      owner !== undefined &&
      state === 'running' &&
      isLabelledWatched(labels) &&
      (probed.has(name) || (old.has(owner.pod) && isProbedByRecord(labels))),
  );
}

/** The names of the existing pods of the workloads of these pods that are about to be replaced. */
function podsOfEarlierTemplates(
  pods: readonly DesiredPod[],
  existing: ObservedState['pods'],
): ReadonlySet<string> {
  const wanted = new Set(pods.map(({ name }) => name));
  const owners = new Set(pods.flatMap(({ owner }) => owner ?? []));
  return new Set(
    existing
      .filter(({ name, labels }) => !wanted.has(name) && owners.has(decodeOwner(labels) ?? ''))
      .map(({ name }) => name),
  );
}

function isProbedByRecord(labels: ObservedContainer['labels']): boolean {
  const applied = lastAppliedContainer(labels);
  return applied !== undefined && isProbed(lifecycleOf(applied.settings));
}

function isProbed({
  startupProbe,
  readinessProbe,
}: Pick<DesiredContainer, 'startupProbe' | 'readinessProbe'>): boolean {
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
