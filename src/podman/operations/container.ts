import { containerName, replacementName } from '../names.ts';
import { podmanWith } from './argument.ts';
import {
  attachedContainer,
  createReplacementArguments,
  runContainerCommand,
  type ContainerCreation,
  type ContainerRun,
} from './container-arguments.ts';
import {
  createContainerRecordArguments,
  updateArguments,
  type ContainerRecord,
  type ContainerUpdate,
} from './container-update.ts';
import type { Definitions, OperationWords } from './definition.ts';
import { isRunningCall, renameCall } from './rename.ts';
import { stopContainersCommand, type ContainersStop } from './stop.ts';
import {
  containersSubject,
  containerSubject,
  isContainerSubject,
  removedContainersSubject,
} from './subjects.ts';
import { startCommand } from './working-dir.ts';

export type ContainerOperation =
  | RunContainer
  | CreateReplacement
  | StartContainer
  | VerifyRunning
  | UpdateContainer
  | CreateContainerRecord
  | UnpauseContainer
  | StopContainers
  | RenameContainer
  | RemoveContainers;

export interface RunContainer extends ContainerRun {
  readonly kind: 'run-container';
}

/** Creates, and does not start, the replacement of a container that runs. It has a temporary name at first. */
export interface CreateReplacement extends ContainerCreation {
  readonly kind: 'create-replacement';
}

/** A container of a pod, by the names in the manifest. */
interface NamedContainer {
  readonly pod: string;
  readonly container: string;
}

export interface StartContainer extends NamedContainer {
  readonly kind: 'start-container';
  /** The one that is to take the place of another. */
  readonly isReplacement: boolean;
  /** Made where the image lacks it. */
  readonly workingDir?: string;
}

/** Fails when the container that is to take the place of another does not run. */
export interface VerifyRunning extends NamedContainer {
  readonly kind: 'verify-running';
}

export interface UpdateContainer extends ContainerUpdate {
  readonly kind: 'update-container';
}

/**
 * Records what a container has been updated to, or is about to be. Labels of a container cannot be changed: those of
 * another one, which is never started, hold the record.
 */
export interface CreateContainerRecord extends ContainerRecord {
  readonly kind: 'create-container-record';
}

export interface UnpauseContainer extends NamedContainer {
  readonly kind: 'unpause-container';
}

/**
 * Stops containers, all within one grace period. Those that podman stops already, since another command was to stop them,
 * are stopped too: their processes are gone afterwards.
 */
export interface StopContainers extends ContainersStop {
  readonly kind: 'stop-containers';
  readonly pod: string;
}

/** Gives a container the name that it should have. */
export interface RenameContainer extends NamedContainer {
  readonly kind: 'rename-container';
  /** podman's name of it until then. */
  readonly from: string;
}

export interface RemoveContainers {
  readonly kind: 'remove-containers';
  /** podman's names. */
  readonly containers: readonly string[];
  readonly graceSeconds: number;
}

/**
 * A container that ends as soon as it has begun is not to be seen running in between. `podman start` itself takes about
 * as long once more after the container has begun.
 */
const SEEN_AFTER_MILLISECONDS = 30;

export const CONTAINER_OPERATIONS: Definitions<ContainerOperation> = {
  'run-container': {
    command: runContainerCommand,
    describe: ({ pod, container }) =>
      `run ${container.role === 'init' ? 'init container' : 'container'} ${container.name} of pod ${pod.name}`,
    words: ({ pod, container }) => ({
      subject: containerSubject(pod.name, container.name, container.role),
      ...(container.role === 'init'
        ? { doing: 'running', done: 'completed' }
        : { doing: 'starting', done: 'started' }),
      result: 'made',
    }),
    target: ({ pod, container }) => ({ pod: pod.name, container: container.name, role: container.role }),
    policy: ({ pod, container, replace }) => ({
      starts: containerKey(targetOf({ pod, container })),
      // What `podman run --replace` prints before anything else: the name of the container that made room.
      ...(replace ? { hiddenLine: containerName(pod, container) } : {}),
      ...(container.role === 'init'
        ? { streams: 'output', attached: attachedContainer(pod, container) }
        : {}),
    }),
    // The failed container makes room for a new one, as on a cluster.
    again: (operation) => ({ ...operation, replace: true }),
  },
  'create-replacement': {
    command: (operation, capabilities, podman) =>
      podmanWith(createReplacementArguments(operation, capabilities, podman)),
    describe: ({ pod, container }) => `create the new container ${container.name} of pod ${pod.name}`,
    words: (operation) =>
      // Until the new container starts, nothing but the old one counts.
      wordsOf(targetOf(operation), 'creating the new container', 'new container created', {
        isPlumbing: true,
      }),
    target: targetOf,
  },
  'start-container': {
    command: (operation, _capabilities, podman) =>
      startCommand(nameOf(operation, operation.isReplacement), operation.workingDir, podman),
    describe: ({ pod, container, isReplacement }) =>
      `start ${isReplacement ? 'the new container' : 'container'} ${container} of pod ${pod}`,
    words: (operation) => wordsOf(operation, 'starting', 'started', { result: 'made' }),
    target: namesOf,
    policy: (operation) => ({ starts: containerKey(operation) }),
  },
  'verify-running': {
    publishedKind: 'see-running',
    command: (operation) => {
      const name = nameOf(operation, true);
      // Of all commands the quickest that fails for a container that does not run.
      return { ...podmanWith(['top', name, 'pid']), api: isRunningCall(name) };
    },
    describe: ({ pod, container }) => `verify that the new container ${container} of pod ${pod} runs`,
    words: (operation) => wordsOf(operation, 'verifying the start', 'start verified', { isPlumbing: true }),
    target: namesOf,
    policy: (operation) => ({ verifies: containerKey(operation), waitsBefore: SEEN_AFTER_MILLISECONDS }),
  },
  'update-container': {
    command: (operation) => podmanWith(updateArguments(operation)),
    describe: ({ pod, container }) => `update container ${container.name} of pod ${pod.name}`,
    words: (operation) => wordsOf(targetOf(operation), 'updating', 'updated', { result: 'made' }),
    target: targetOf,
  },
  'create-container-record': {
    publishedKind: 'create-note',
    command: (operation) => podmanWith(createContainerRecordArguments(operation)),
    describe: ({ pod, container }) => `record the update of container ${container.name} of pod ${pod.name}`,
    words: (operation) =>
      wordsOf(
        targetOf(operation),
        'recording the update',
        operation.says === 'in-doubt' ? 'start of the update recorded' : 'update recorded',
      ),
    target: targetOf,
  },
  'unpause-container': {
    command: (operation) => podmanWith(['unpause', nameOf(operation, false)]),
    describe: ({ pod, container }) => `unpause container ${container} of pod ${pod}`,
    words: (operation) => wordsOf(operation, 'unpausing', 'unpaused'),
    target: namesOf,
    policy: (operation) => ({ starts: containerKey(operation) }),
  },
  'stop-containers': {
    command: stopContainersCommand,
    describe: ({ pod, containers }) =>
      `stop ${containers.length === 1 ? 'container' : 'containers'} ${containers.join(', ')} of pod ${pod}`,
    words: ({ pod, containers }) => ({
      subject: containersSubject(pod, containers),
      doing: 'stopping',
      done: 'stopped',
      result: 'stopped',
    }),
    target: ({ pod }) => ({ pod }),
    // podman 4.3.1 still takes a container for stopping whose process and conmon were killed, and fails to stop it.
    policy: ({ containers }) => ({ stops: { containers }, endedAlready: 'container not running' }),
  },
  'rename-container': {
    command: (operation) => {
      const name = nameOf(operation, false);
      return { ...podmanWith(['rename', operation.from, name]), api: renameCall(operation.from, name) };
    },
    describe: ({ pod, container, from }) => `rename ${from} to container ${container} of pod ${pod}`,
    words: (operation) =>
      wordsOf(operation, 'renaming the new container', 'new container renamed', { isPlumbing: true }),
    target: namesOf,
  },
  'remove-containers': {
    command: ({ containers, graceSeconds }) =>
      podmanWith(['rm', '--force', '--time', graceSeconds.toString(), ...containers]),
    describe: ({ containers }) => `remove ${containers.join(', ')}`,
    words: ({ containers }, cause) => ({
      ...(cause !== undefined && isContainerSubject(cause)
        ? { subject: cause, doing: 'removing the old container', done: 'old container removed' }
        : {
            subject: removedContainersSubject(containers, cause),
            doing: 'removing',
            done: 'removed',
          }),
      result: 'removed',
    }),
    target: () => ({}),
    policy: ({ containers }) => ({ stops: { containers } }),
  },
};

function targetOf({ pod, container }: Pick<ContainerCreation, 'pod' | 'container'>): NamedContainer {
  return { pod: pod.name, container: container.name };
}

function namesOf({ pod, container }: NamedContainer): NamedContainer {
  return { pod, container };
}

function wordsOf(
  { pod, container }: NamedContainer,
  doing: string,
  done: string,
  more: Pick<OperationWords, 'isPlumbing' | 'result'> = {},
): OperationWords {
  return { subject: containerSubject(pod, container), doing, done, ...more };
}

function containerKey({ pod, container }: NamedContainer): string {
  return `${pod}/${container}`;
}

function nameOf({ pod, container }: NamedContainer, isReplacement: boolean): string {
  return (isReplacement ? replacementName : containerName)({ name: pod }, { name: container });
}
