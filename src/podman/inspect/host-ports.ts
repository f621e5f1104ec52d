import type { HostPort } from '../../kube/spec/desired.ts';
import { lastAppliedPod } from '../last-applied.ts';
import type { ObservedPod } from './observed.ts';

type Place = Pick<HostPort, 'hostIP' | 'hostPort' | 'protocol'>;

/** The host ports that a pod was made with, as its labels remember them; none of one that podpose has not made. */
export function lastAppliedHostPorts({ labels }: Pick<ObservedPod, 'labels'>): readonly Place[] {
  return lastAppliedPod(labels)?.hostPorts ?? [];
}

/** Whether only one of two can listen: at one address, or at every one. */
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
