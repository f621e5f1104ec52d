import type { DesiredContainer, DesiredPod } from '../../kube/spec/desired.ts';
import { containerSettings } from '../../kube/spec/settings.ts';
import { LABEL } from '../labels.ts';
import { containerName, containerRecordName } from '../names.ts';
import type { PodmanCapabilities } from '../inspect/version.ts';
import { podmanWith, type Command } from './argument.ts';
import { createChange, removeChange, updateChange } from './requests/container.ts';
import { withRequests } from './requests/requests.ts';
import { imageSetting, WITHOUT_HEALTH_CHECK } from './container-creation.ts';
import { ownerLabels, ownLabels, specLabels } from './labels.ts';
import { podmanRestartPolicy, resourceSettings } from './resources.ts';
import { flagsOf, setting } from './setting.ts';

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
export function createContainerRecordCommand(
  operation: ContainerRecord,
  capabilities: PodmanCapabilities,
  podman: string,
): Command {
  const { project, pod, container, containerId, state } = operation;
  const name = containerRecordName(pod, container);
  const settings = [
    setting(['--pod', pod.name], { pod: pod.name }),
    setting(['--name', name], { name }),
    WITHOUT_HEALTH_CHECK,
    ...ownLabels(
      ownerLabels(project, pod.name, 'note', container.name),
      { [LABEL.recordOf]: containerId },
      state === 'updated' ? specLabels(containerSettings(container)) : {},
    ),
    imageSetting(container.image, []),
  ];
  return withRequests(podmanWith(['create', '--replace', ...flagsOf(settings)]), capabilities, (valueOf) => [
    [removeChange(name, 0)],
    [createChange(name, settings, valueOf, podman, ['create', '--replace'])],
  ]);
}

/** `podman update` of a running container. */
export function updateCommand(
  { pod, container, parts }: ContainerUpdate,
  capabilities: PodmanCapabilities,
): Command {
  const name = containerName(pod, container);
  const restart = parts.includes('restartPolicy') ? podmanRestartPolicy(container.restartPolicy) : undefined;
  const resources = parts.includes('resources') ? resourceSettings(container.resources) : [];
  const command = podmanWith([
    'update',
    ...flagsOf(resources),
    ...(restart === undefined ? [] : ['--restart', restart]),
    name,
  ]);
  return withRequests(command, capabilities, (valueOf) => [
    [updateChange(name, resources, restart, valueOf)],
  ]);
}
