import { POD_DEFAULTS } from '../../kube/spec/defaults.ts';
import type { DesiredPod } from '../../kube/spec/desired.ts';
import { LABEL } from '../../podman/labels.ts';
import type { ObservedPod } from '../../podman/inspect/observed.ts';
import type { Difference } from './difference.ts';

type Labelled = Pick<ObservedPod, 'labels'>;

/**
 * podman's name of the network that a pod was created on. Undefined with hostNetwork, and for a pod that an earlier podpose
 * created on podman's default network.
 */
export function joinedNetwork({ labels }: Labelled): string | undefined {
  const network = labels[LABEL.network];
  return network === '' ? undefined : network;
}

/** The difference of a pod that belongs on another network. A pod of an earlier podpose keeps its network. */
export function networkDifferences(
  { sandbox }: DesiredPod,
  pod: Labelled,
  network: string,
): readonly Difference[] {
  const before = joinedNetwork(pod);
  if (sandbox.hostNetwork || before === undefined || before === network) return [];
  return [{ path: ['network'], before, after: network }];
}

/**
 * The desired pod in the terms of an existing one. A pod of an earlier podpose has no record of what only matters on a
 * network with DNS: it is not recreated for that.
 */
export function comparableTo(pod: Labelled | undefined, desired: DesiredPod): DesiredPod {
  const { sandbox } = desired;
  if (pod === undefined || sandbox.hostNetwork || joinedNetwork(pod) !== undefined) return desired;
  const dnsPolicy = sandbox.dnsPolicy === 'None' ? 'None' : 'ClusterFirst';
  return { ...desired, sandbox: { ...sandbox, namespace: POD_DEFAULTS.namespace, dnsPolicy } };
}
