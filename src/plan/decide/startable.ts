import { podMembers } from '../../podman/inspect/pod-members.ts';
import { compareTexts } from '../../base/text.ts';
import { stableJson } from '../../base/stable-json.ts';
import type { ContainerRole } from '../../kube/spec/desired.ts';
import { appliedContainers, type ListedContainer } from '../../podman/inspect/container-list.ts';
import type { ObservedPod, ObservedState } from '../../podman/inspect/observed.ts';
import { decodeSpec } from '../../podman/labels.ts';
import { lastAppliedContainer } from '../../podman/last-applied.ts';
import { containerName } from '../../podman/names.ts';
import { withRecords, type FoundContainer } from './found-containers.ts';

type Observed = Pick<ObservedState, 'containers' | 'volumes'>;

/** The existing containers of a pod, in the order of its manifest. */
export interface StartableContainers {
  readonly init: readonly FoundContainer[];
  readonly containers: readonly FoundContainer[];
}

export function startableContainers(pod: ObservedPod, { containers }: Observed): StartableContainers {
  const own = withRecords(podMembers(pod.name, containers)).filter(({ owner }) => owner?.pod === pod.name);
  const listed = appliedContainers(pod, containers) ?? [];
  const ofRole = (role: ContainerRole) =>
    own
      .filter(({ owner, name }) => owner?.role === role && isAtItsName(pod, name, owner.name))
      .sort(
        (a, b) =>
          positionOf(a, listed) - positionOf(b, listed) ||
          a.createdAt - b.createdAt ||
          compareTexts(a.name, b.name),
      );
  return { init: ofRole('init'), containers: ofRole('container') };
}

function isAtItsName(pod: ObservedPod, podmanName: string, name = ''): boolean {
  return podmanName === containerName(pod, { name });
}

function positionOf({ owner }: FoundContainer, listed: readonly ListedContainer[]): number {
  const index = listed.findIndex(({ name }) => name === owner?.name);
  return index < 0 ? listed.length : index;
}

/**
 * Why a pod cannot be started from what podman has of it; undefined if it can. `up` with its manifest starts such a pod,
 * as it creates what is missing and writes the files of Secrets again.
 */
export function startObstacle(pod: ObservedPod, observed: Observed): string | undefined {
  const { init, containers } = startableContainers(pod, observed);
  const all = [...init, ...containers];
  if (pod.infra === 'absent') return 'its infra container was removed';
  if (!decodeSpec(pod.labels).ok || all.some(({ labels }) => !decodeSpec(labels).ok))
    return 'its labels cannot be read';
  const missing = (appliedContainers(pod, observed.containers) ?? []).find(
    ({ role, name }) =>
      (role === 'init' || containers.length === 0) && !all.some(({ owner }) => owner?.name === name),
  );
  if (missing !== undefined) return `${missing.role}/${missing.name} does not exist`;
  if (containers.length === 0) return 'it has no containers';
  const lost = observed.volumes.find(
    ({ owner, options, mountCount }) =>
      owner?.pod === pod.name && options.type === 'tmpfs' && mountCount === 0,
  );
  if (lost !== undefined)
    return `the contents of its volume ${lost.owner?.name ?? lost.name} were in memory and are lost`;
  const reader = all.find(readsFileKeys);
  if (reader !== undefined)
    return `variables of ${reader.owner?.name ?? reader.name} are read from a file at each start`;
  return undefined;
}

/** `podman start` keeps the values of the creation. */
function readsFileKeys({ labels }: FoundContainer): boolean {
  const { env, command, args } = lastAppliedContainer(labels)?.settings ?? {};
  return stableJson([env, command, args]).includes('"fileKey":');
}
