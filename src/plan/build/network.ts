import type { ObservedState } from '../../podman/inspect/observed.ts';
import { networkName } from '../../podman/names.ts';
import type { Operation } from '../../podman/operations/operation.ts';
import { subjectId, type Change, type NetworkSubject, type Reason } from '../change.ts';
import { joinedNetwork } from '../compare/network.ts';
import type { NetworkChoice } from '../decide/network.ts';
import type { Step } from '../step.ts';

export interface NetworkPlan {
  readonly changes: readonly Change[];
  readonly steps: readonly Step[];
}

const NOTHING: NetworkPlan = { changes: [], steps: [] };

/** Creates the network of the project if a pod or a Service joins it, unless it exists. A given network exists. */
export function planNetworkCreation(
  project: string,
  { name, isGiven }: NetworkChoice,
  isJoined: boolean,
  { networks = [], networkDnsFails = false }: Pick<ObservedState, 'networks' | 'networkDnsFails'>,
  needs: readonly string[],
): NetworkPlan {
  if (isGiven || !isJoined || networks.some((network) => network.name === name)) return NOTHING;
  const subject: NetworkSubject = { kind: 'network', name };
  const id = subjectId(subject);
  return {
    changes: [{ subject, action: 'create', reason: { kind: 'absent' } }],
    steps: [
      {
        ...{ id, needs, cause: id },
        operation: {
          ...{ kind: 'create-network', project, network: name },
          ...(networkDnsFails ? { isWithoutDns: true } : {}),
        },
      },
    ],
  };
}

/** The network of the project, if it can be removed: no pod is on it. */
export function unusedNetwork(
  project: string,
  observed: Pick<ObservedState, 'networks' | 'pods' | 'containers'>,
  isRemoved: (pod: string) => boolean,
): string | undefined {
  const network = projectNetwork(project, observed, isRemoved);
  return network?.users.length === 0 ? network.name : undefined;
}

/** The network of the project, with the names of the pods and containers that stay on it; undefined if it does not exist. */
export function projectNetwork(
  project: string,
  { networks = [], pods, containers }: Pick<ObservedState, 'networks' | 'pods' | 'containers'>,
  isRemoved: (pod: string) => boolean,
): { readonly name: string; readonly users: readonly string[] } | undefined {
  const name = networkName(project);
  if (!networks.some((network) => network.name === name && network.project === project)) return undefined;
  const isOn = (object: { readonly networks?: readonly string[] }) =>
    object.networks?.includes(name) === true;
  const stays = pods.filter(
    ({ owner, service, name: pod }) => (owner ?? service)?.project !== project || !isRemoved(pod),
  );
  const users = [
    ...stays.filter((pod) => joinedNetwork(pod) === name || isOn(pod)).map((pod) => `pod/${pod.name}`),
    ...containers.filter(isOn).map((container) => `container '${container.name}'`),
  ];
  return { name, users: users.sort() };
}

/** Removes the network of the project after its last pod. */
export function planNetworkRemoval(
  name: string | undefined,
  reason: Reason,
  before: readonly Step[],
): NetworkPlan {
  if (name === undefined) return NOTHING;
  const subject: NetworkSubject = { kind: 'network', name };
  const cause = subjectId(subject);
  const needs = before.filter(({ operation }) => REMOVALS.has(operation.kind)).map(({ id }) => id);
  return {
    changes: [{ subject, action: 'remove', reason }],
    steps: [{ id: `remove-${cause}`, needs, cause, operation: { kind: 'remove-network', network: name } }],
  };
}

/** They end what is on the network. */
const REMOVALS: ReadonlySet<Operation['kind']> = new Set([
  'remove-pod',
  'remove-containers',
  'remove-service',
]);
