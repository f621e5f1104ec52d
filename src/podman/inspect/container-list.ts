import { compareTexts } from '../../base/text.ts';
import type { ContainerRole, DesiredPod } from '../../kube/spec/desired.ts';
import { LABEL } from '../labels.ts';
import type { Labels, ObservedContainer, ObservedPod } from './observed.ts';

/** A container of a pod by its place in the manifest. */
export interface ListedContainer {
  readonly role: ContainerRole;
  readonly name: string;
}

/** All containers of a pod as a label holds them, in the order of the manifest: `init/setup,container/web`. */
export function containerList({ initContainers, containers }: DesiredPod): string {
  return [...initContainers, ...containers].map(({ role, name }) => `${role}/${name}`).join(',');
}

/**
 * The containers that were applied last. A pod has the list that it was made with. Its labels cannot be changed, and so
 * a container that is made when the list has become another one has the new list. Undefined for a pod of an older
 * podpose, which wrote no list.
 */
export function appliedContainers(
  pod: Pick<ObservedPod, 'name' | 'labels'>,
  containers: readonly ObservedContainer[],
): readonly ListedContainer[] | undefined {
  const text = appliedContainerList(pod, containers);
  return text?.split(',').flatMap((entry): readonly ListedContainer[] => {
    const [role = '', name = ''] = entry.split('/');
    return (role === 'init' || role === 'container') && name !== '' ? [{ role, name }] : [];
  });
}

/** The same as the label has it. */
export function appliedContainerList(
  pod: Pick<ObservedPod, 'name' | 'labels'>,
  containers: readonly ObservedContainer[],
): string | undefined {
  const [newest] = containers
    .filter(({ podName, labels }) => podName === pod.name && (labels[LABEL.containers] ?? '') !== '')
    .sort((a, b) => b.createdAt - a.createdAt || compareTexts(a.id, b.id));
  const list = newest?.labels[LABEL.containers] ?? pod.labels[LABEL.containers];
  // Things that are made have each of podpose's labels, if only without a value.
  return list === '' ? undefined : list;
}

export function containerListLabel(pod: DesiredPod): Labels {
  return { [LABEL.containers]: containerList(pod) };
}
