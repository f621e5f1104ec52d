import type { DesiredContainer, DesiredPod } from '../../kube/spec/desired.ts';
import { containerSettings } from '../../kube/spec/settings.ts';
import { LABEL } from '../labels.ts';
import { containerName, containerRecordName } from '../names.ts';
import { WITHOUT_HEALTH_CHECK } from './container-arguments.ts';
import { ownerLabels, ownLabelFlags, specLabels } from './labels.ts';
import { podmanRestartPolicy, resourceFlags } from './resources.ts';

/** The settings that podman can update while a container runs. */
export type UpdatablePart = 'resources' | 'restartPolicy';

export interface ContainerUpdate {
  readonly pod: DesiredPod;
  readonly container: DesiredContainer;
  readonly parts: readonly UpdatablePart[];
}

export interface ContainerRecord {
  readonly project: string;
  readonly pod: DesiredPod;
  readonly container: DesiredContainer;
  /** podman's ID of the updated container. */
  readonly containerId: string;
  readonly state: 'tainted' | 'updated';
}

/**
 * `podman create` of a record container, which carries only labels. Its image is present already. It replaces an
 * earlier record.
 */
export function createContainerRecordArguments(operation: ContainerRecord): readonly string[] {
  const { project, pod, container, containerId, state } = operation;
  return [
    'create',
    '--replace',
    '--pod',
    pod.name,
    '--name',
    containerRecordName(pod, container),
    ...WITHOUT_HEALTH_CHECK,
    ...ownLabelFlags(
      ownerLabels(project, pod.name, 'note', container.name),
      { [LABEL.recordOf]: containerId },
      state === 'updated' ? specLabels(containerSettings(container)) : {},
    ),
    container.image,
  ];
}

/** `podman update` of a running container. */
export function updateArguments({ pod, container, parts }: ContainerUpdate): readonly string[] {
  return [
    'update',
    ...(parts.includes('resources') ? resourceFlags(container.resources) : []),
    ...(parts.includes('restartPolicy') ? ['--restart', podmanRestartPolicy(container.restartPolicy)] : []),
    containerName(pod, container),
  ];
}
