import { podMembers } from './pod-members.ts';
import { compareTexts } from '../../base/text.ts';
import type { ContainerRole, DesiredPod } from '../../kube/spec/desired.ts';
import { isSidecar } from '../../kube/spec/restart-policy.ts';
import { LABEL } from '../labels.ts';
import type { Labels, ObservedContainer, ObservedPod } from './observed.ts';

/** A container of a pod, in the order of the manifest. */
export interface ListedContainer {
  readonly role: ContainerRole;
  readonly name: string;
  readonly isSidecar?: true;
}

/**
 * The list of a pod's containers as a label stores it, in the order of the manifest:
 * `init/setup,sidecar/proxy,container/web`.
 */
export function containerList({ initContainers, containers }: DesiredPod): string {
  return [...initContainers, ...containers]
    .map((container) => `${isSidecar(container) ? SIDECAR : container.role}/${container.name}`)
    .join(',');
}

const SIDECAR = 'sidecar';

/**
 * The list that was applied last. A pod stores its initial list. As its labels cannot be changed, a record container stores
 * a later one; older versions stored it on a container that was created after the change, and a removal not at all.
 * Undefined for a pod of a version that stored no list.
 */
export function appliedContainers(
  pod: Pick<ObservedPod, 'name' | 'labels'>,
  containers: readonly ObservedContainer[],
): readonly ListedContainer[] | undefined {
  const text = appliedContainerList(pod, containers);
  return text?.split(',').flatMap((entry): readonly ListedContainer[] => {
    const [role = '', name = ''] = entry.split('/');
    if (name === '') return [];
    if (role === SIDECAR) return [{ role: 'init', name, isSidecar: true }];
    return role === 'init' || role === 'container' ? [{ role, name }] : [];
  });
}

/** The list as a label. */
export function appliedContainerList(
  pod: Pick<ObservedPod, 'name' | 'labels'>,
  containers: readonly ObservedContainer[],
): string | undefined {
  const [newest] = podMembers(pod.name, containers)
    .filter(({ labels }) => (labels[LABEL.containers] ?? '') !== '')
    .sort((a, b) => b.createdAt - a.createdAt || isRecord(b) - isRecord(a) || compareTexts(a.id, b.id));
  const list = newest?.labels[LABEL.containers] ?? pod.labels[LABEL.containers];
  // Every object has all labels of podpose; an unused one is empty.
  return list === '' ? undefined : list;
}

/** podman lists times in whole seconds. */
function isRecord({ owner }: ObservedContainer): number {
  return owner?.role === 'note' ? 1 : 0;
}

export function containerListLabel(pod: DesiredPod): Labels {
  return { [LABEL.containers]: containerList(pod) };
}
