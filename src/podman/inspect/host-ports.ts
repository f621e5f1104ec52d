import type { HostPort } from '../../kube/spec/desired.ts';
import { lastAppliedPod } from '../last-applied.ts';
import type { ObservedPod } from './observed.ts';

type Place = Pick<HostPort, 'hostIP' | 'hostPort' | 'protocol'>;

/** The host ports in the last-applied record of a pod; none if podpose did not create it. */
export function lastAppliedHostPorts({ labels }: Pick<ObservedPod, 'labels'>): readonly Place[] {
  return lastAppliedPod(labels)?.hostPorts ?? [];
}

/** Whether two ports conflict: the same address, or one of them is a wildcard. */
export function collide(one: Place, other: Place): boolean {
  return (
    one.hostPort === other.hostPort &&
    one.protocol === other.protocol &&
    (one.hostIP === other.hostIP || isEverywhere(one) || isEverywhere(other))
  );
}

function isEverywhere({ hostIP }: Place): boolean {
  return hostIP === '0.0.0.0' || hostIP === '::';
}
