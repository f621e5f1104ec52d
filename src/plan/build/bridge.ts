import type { ObservedState } from '../../podman/inspect/observed.ts';
import { subjectId } from '../change.ts';
import { joinedNetwork } from '../compare/network.ts';
import type { PodDecision } from '../decide/decision.ts';
import type { NetworkChoice } from '../decide/network.ts';
import type { Step } from '../step.ts';

/** A network whose bridge gets its address after the first pod on it has started. */
export interface BridgeToFix {
  readonly network: string;
  /** The pod that starts first. If a Service does, its name. */
  readonly firstPod: string;
  readonly isOfService?: true;
}

/**
 * The network of the project, if podman changes the address of its bridge and no pod runs on it: podman makes the bridge
 * with the first pod.
 * @param joiningPods pods with changes that are on the network or join it
 * @param firstService the first Service that starts, before the pods
 */
export function bridgeToFix(
  { name, isGiven }: NetworkChoice,
  joiningPods: readonly PodDecision[],
  firstService: string | undefined,
  { bridgeAddressChanges = false, pods }: ObservedState,
): BridgeToFix | undefined {
  if (isGiven || !bridgeAddressChanges) return undefined;
  const isReplaced = (pod: string) =>
    joiningPods.some(({ desired, pod: { kind } }) => desired.name === pod && kind === 'replace');
  const isUp = pods.some(
    (pod) => joinedNetwork(pod) === name && pod.infra === 'running' && !isReplaced(pod.name),
  );
  if (!isUp && firstService !== undefined)
    return { network: name, firstPod: firstService, isOfService: true };
  const first = joiningPods.find(
    ({ startsInfra, init, containers }) => startsInfra && init.length + containers.length > 0,
  );
  return isUp || first === undefined ? undefined : { network: name, firstPod: first.desired.name };
}

export function bridgeStepId({ network }: BridgeToFix): string {
  return `bridge/${network}`;
}

/** The step that sets the address, for the first pod. */
export function bridgeSteps(
  bridge: BridgeToFix | undefined,
  pod: string,
  needs: readonly string[],
): readonly Step[] {
  if (bridge?.firstPod !== pod) return [];
  const { network } = bridge;
  return [
    {
      id: bridgeStepId(bridge),
      needs,
      cause: subjectId({ kind: 'pod', pod }),
      operation: { kind: 'fix-bridge-address', network },
    },
  ];
}
