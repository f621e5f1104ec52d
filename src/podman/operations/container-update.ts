import type { DesiredContainer, DesiredPod } from '../../kube/spec/desired.ts';
import { LABEL, STOPPED_RUN_LABEL, WATCHED_LABEL, WATCHER_RECORD_LABEL } from '../labels.ts';
import { containerName, containerRecordName } from '../names.ts';
import type { PodmanCapabilities } from '../inspect/version.ts';
import { podmanWith, type Command } from './argument.ts';
import { createChange, removeChange, updateChange } from './requests/container.ts';
import { withRequests } from './requests/requests.ts';
import { imageSetting, WITHOUT_HEALTH_CHECK } from './container-creation.ts';
import { containerSpecLabels, ownerLabels, ownLabels } from './labels.ts';
import { podmanRestartPolicy, resourceSettings } from './resources.ts';
import { flagsOf, setting } from './setting.ts';

/** The settings that podman can update while a container runs. */
export type UpdatablePart = 'resources' | 'restartPolicy';

export interface ContainerUpdate {
  readonly pod: DesiredPod;
  readonly container: DesiredContainer;
  readonly parts: readonly UpdatablePart[];
  /** As in `ContainerCreation`. */
  readonly isWatched?: true;
}

export interface ContainerRecord {
  readonly project: string;
  readonly pod: DesiredPod;
  readonly container: DesiredContainer;
  /** podman's ID of the updated container. */
  readonly containerId: string;
  readonly state: 'tainted' | 'updated';
  /** Whether the update changes the restart policy. */
  readonly changesPolicy: boolean;
  /** Whether podpose's watcher restarts the container after the update. */
  readonly isWatched: boolean;
  /** What the watcher has recorded; absent for nothing. */
  readonly watcherRecord?: string;
}

/** A record container. Its last-applied record is that of the container, or that of its update. */
export interface RecordCreation {
  readonly project: string;
  readonly pod: string;
  readonly container: string;
  /** podman's ID of the container. */
  readonly containerId: string;
  /** An image that exists. */
  readonly image: string;
  readonly isWatched: boolean;
  /** Empty for nothing. */
  readonly watcherRecord: string;
  /** The start of the run that podpose is about to stop, in seconds since 1970. */
  readonly stoppedRun?: number;
  /** The labels of the last-applied record. */
  readonly specLabels: Readonly<Record<string, string>>;
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
  const { pod, container, state, watcherRecord = '' } = operation;
  return createRecordCommand(
    {
      ...operation,
      ...{ pod: pod.name, container: container.name, image: container.image, watcherRecord },
      specLabels: state === 'updated' ? containerSpecLabels(pod, container) : {},
    },
    capabilities,
    podman,
  );
}

/** As `createContainerRecordCommand`, with a last-applied record that exists. */
export function createRecordCommand(
  operation: RecordCreation,
  capabilities: PodmanCapabilities,
  podman: string,
): Command {
  const { project, pod, container, containerId, image, specLabels } = operation;
  const { isWatched, watcherRecord, stoppedRun } = operation;
  const name = containerRecordName({ name: pod }, { name: container });
  const settings = [
    setting(['--pod', pod], { pod }),
    setting(['--name', name], { name }),
    WITHOUT_HEALTH_CHECK,
    ...ownLabels(
      ownerLabels(project, pod, 'note', container),
      { [LABEL.recordOf]: containerId },
      {
        [WATCHED_LABEL]: String(isWatched),
        [WATCHER_RECORD_LABEL]: watcherRecord,
        [STOPPED_RUN_LABEL]: stoppedRun?.toString() ?? '',
      },
      specLabels,
    ),
    imageSetting(image, []),
  ];
  return withRequests(podmanWith(['create', '--replace', ...flagsOf(settings)]), capabilities, (valueOf) => [
    [removeChange(name, 0)],
    [createChange(name, settings, valueOf, podman, ['create', '--replace'])],
  ]);
}

/** `podman update` of a running container. */
export function updateCommand(
  { pod, container, parts, isWatched }: ContainerUpdate,
  capabilities: PodmanCapabilities,
): Command {
  const name = containerName(pod, container);
  const policy = isWatched === true ? 'Never' : container.restartPolicy;
  const restart = parts.includes('restartPolicy') ? podmanRestartPolicy(policy) : undefined;
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
