import { compareTexts } from '../../base/text.ts';
import type { ContainerRole, DesiredPod } from '../../kube/spec/desired.ts';
import { LABEL } from '../labels.ts';
import type { Labels, ObservedContainer, ObservedPod } from './observed.ts';

/** A container of a pod, in the order of the manifest. */
export interface ListedContainer {
  readonly role: ContainerRole;
  readonly name: string;
}

/** The list of a pod's containers as a label stores it, in the order of the manifest: `init/setup,container/web`. */
export function containerList({ initContainers, containers }: DesiredPod): string {
  return [...initContainers, ...containers].map(({ role, name }) => `${role}/${name}`).join(',');
}

/**
 * The list that was applied last. A pod stores its initial list. As its labels cannot be changed, a container created
 * after a change of the list stores the new one. Undefined for a pod of an older podpose, which stored no list.
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

/** The list as a label. */
export function appliedContainerList(
  pod: Pick<ObservedPod, 'name' | 'labels'>,
  containers: readonly ObservedContainer[],
): string | undefined {
  const [newest] = containers
    .filter(({ podName, labels }) => podName === pod.name && (labels[LABEL.containers] ?? '') !== '')
    .sort((a, b) => b.createdAt - a.createdAt || compareTexts(a.id, b.id));
  const list = newest?.labels[LABEL.containers] ?? pod.labels[LABEL.containers];
  // Every object has all labels of podpose; an unused one is empty.
  return list === '' ? undefined : list;
}

export function containerListLabel(pod: DesiredPod): Labels {
  return { [LABEL.containers]: containerList(pod) };
}
