import { defined } from '../../base/defined.ts';
import type { ContainerRole } from '../../kube/spec/desired.ts';
import { isSidecar, runsToEnd } from '../../kube/spec/restart-policy.ts';
import { askRunning } from '../client/queries.ts';
import type { MessageSource } from '../inspect/termination-message.ts';
import { containerName, replacementName } from '../names.ts';
import { podmanWith } from './argument.ts';
import type { ContainerCreation } from './container-creation.ts';
import {
  attachedContainer,
  createReplacementCommand,
  runContainerCommand,
  type ContainerRun,
} from './container-arguments.ts';
import {
  createContainerRecordCommand,
  createRecordCommand,
  updateCommand,
  type ContainerRecord,
  type ContainerUpdate,
  type RecordCreation,
} from './container-update.ts';
import type { Definitions, OperationWords } from './definition.ts';
import { removeChange, renameChange, startChange, unpauseChange } from './requests/container.ts';
import { withRequests } from './requests/requests.ts';
import { stopContainersCommand, type ContainersStop } from './stop.ts';
import {
  containersSubject,
  containerSubject,
  isContainerSubject,
  nounFor,
  removedContainersSubject,
} from './subjects.ts';
import { upTo } from './words.ts';
import { startCommand } from './working-dir.ts';

export type ContainerOperation =
  | RunContainer
  | CreateReplacement
  | StartContainer
  | StartInitContainer
  | SignalContainers
  | VerifyRunning
  | UpdateContainer
  | CreateContainerRecord
  | RecordStop
  | UnpauseContainer
  | StopContainers
  | RenameContainer
  | RemoveContainers;

export interface RunContainer extends ContainerRun {
  readonly kind: 'run-container';
}

/** Creates the replacement of a running container with a temporary name, without starting it. */
export interface CreateReplacement extends ContainerCreation {
  readonly kind: 'create-replacement';
}

/** A container of a pod, by the names in the manifest. */
interface NamedContainer {
  readonly pod: string;
  readonly container: string;
  /** Absent for an app container. */
  readonly role?: 'init';
}

export interface StartContainer extends NamedContainer {
  readonly kind: 'start-container';
  /** Whether it is the replacement of another container. */
  readonly isReplacement: boolean;
  /** Created if the image lacks it. */
  readonly workingDir?: string;
}

/** Runs an existing init container again, to its end. */
export interface StartInitContainer extends NamedContainer {
  readonly kind: 'start-init-container';
  readonly graceSeconds: number;
  readonly message: MessageSource;
}

export interface SignalContainers {
  readonly kind: 'signal-containers';
  readonly pod: string;
  /** podman's names. */
  readonly containers: readonly string[];
  /** `SIGHUP`, or a number. */
  readonly signal: string;
}

/** Fails if the replacement of a container is not running. */
export interface VerifyRunning extends NamedContainer {
  readonly kind: 'verify-running';
}

export interface UpdateContainer extends ContainerUpdate {
  readonly kind: 'update-container';
}

/**
 * Records the update of a container, before or after it. The labels of a container cannot be changed, so that a record
 * container, which is never started, holds the record.
 */
export interface CreateContainerRecord extends ContainerRecord {
  readonly kind: 'create-container-record';
}

/**
 * Records that podpose stops the current run of a container. podman does not tell a container that has completed from one
 * that has ended with 0 on SIGTERM.
 */
export interface RecordStop extends RecordCreation {
  readonly kind: 'record-stop';
  /** In seconds since 1970. */
  readonly stoppedRun: number;
}

export interface UnpauseContainer extends NamedContainer {
  readonly kind: 'unpause-container';
}

/**
 * Stops containers within one grace period. Containers that an interrupted command was stopping are included:
 * afterwards, their processes have ended.
 */
export interface StopContainers extends ContainersStop {
  readonly kind: 'stop-containers';
  readonly pod: string;
}

/** Renames a container to its final name. */
export interface RenameContainer extends NamedContainer {
  readonly kind: 'rename-container';
  /** podman's current name of it. */
  readonly from: string;
}

export interface RemoveContainers {
  readonly kind: 'remove-containers';
  /** podman's names. */
  readonly containers: readonly string[];
  readonly graceSeconds: number;
}

/**
 * A container that exits at once should not be seen running. `podman start` itself needs about as long after the
 * container has started.
 */
const SEEN_AFTER_MILLISECONDS = 30;

export const CONTAINER_OPERATIONS: Definitions<ContainerOperation> = {
  'run-container': {
    command: runContainerCommand,
    describe: ({ pod, container }) => `run ${containerSubject(pod.name, container.name, container.role)}`,
    words: ({ pod, container }) => ({
      subject: containerSubject(pod.name, container.name, container.role),
      ...(runsToEnd(container)
        ? { doing: 'running', done: 'completed' }
        : { doing: 'starting', done: 'started' }),
      result: 'made',
    }),
    target: ({ pod, container }) => ({ pod: pod.name, container: container.name, role: container.role }),
    policy: ({ pod, container, replace, isWatched }) => ({
      starts: containerKey(targetOf({ pod, container })),
      ...(isSidecar(container) && isWatched === true ? { startsSidecar: containerName(pod, container) } : {}),
      // The first output of `podman run --replace` is the name of the replaced container.
      ...(replace ? { hiddenLine: containerName(pod, container) } : {}),
      ...(runsToEnd(container) ? { streams: 'output', attached: attachedContainer(pod, container) } : {}),
    }),
    // A retry replaces the failed container, as on a cluster.
    again: (operation, watcherRecord) => ({ ...operation, replace: true, ...defined({ watcherRecord }) }),
  },
  'create-replacement': {
    command: createReplacementCommand,
    describe: (operation) => `create the replacement of ${subjectOf(targetOf(operation))}`,
    words: (operation) =>
      // Only the old container counts until the new one has started.
      wordsOf(targetOf(operation), 'creating the replacement', 'replacement created', { isInternal: true }),
    target: targetOf,
  },
  'start-container': {
    command: (operation, capabilities, podman) => {
      const name = nameOf(operation, operation.isReplacement);
      const command = startCommand(name, operation.workingDir, podman);
      return withRequests(command, capabilities, () => [[startChange(name, command, podman)]]);
    },
    describe: (operation) =>
      `start ${operation.isReplacement ? 'the replacement of ' : ''}${subjectOf(operation)}`,
    words: (operation) => wordsOf(operation, 'starting', 'started', { result: 'made' }),
    target: namesOf,
    policy: (operation) => ({
      starts: containerKey(operation),
      ...(operation.role === 'init' && !operation.isReplacement
        ? { startsSidecar: nameOf(operation, false) }
        : {}),
    }),
  },
  'start-init-container': {
    // The signals of podpose stop the container by its name.
    command: (operation) => podmanWith(['start', '--attach', '--sig-proxy=false', nameOf(operation, false)]),
    describe: ({ pod, container }) => `run ${containerSubject(pod, container, 'init')}`,
    words: ({ pod, container }) => ({
      subject: containerSubject(pod, container, 'init'),
      doing: 'running',
      done: 'completed',
      result: 'made',
    }),
    target: ({ pod, container }) => ({ pod, container, role: 'init' }),
    policy: (operation) => ({
      starts: containerKey(operation),
      streams: 'output',
      attached: {
        name: nameOf(operation, false),
        graceSeconds: operation.graceSeconds,
        message: operation.message,
      },
    }),
  },
  'signal-containers': {
    command: ({ containers, signal }) => podmanWith(['kill', '--signal', signal, ...containers]),
    describe: ({ pod, containers, signal }) => `send ${signal} to ${containersSubject(pod, containers)}`,
    words: ({ pod, containers, signal }) => ({
      subject: containersSubject(pod, containers),
      doing: `sending ${signal}`,
      done: `${signal} sent`,
    }),
    target: ({ pod }) => ({ pod }),
  },
  'verify-running': {
    publishedKind: 'see-running',
    command: (operation) => {
      const name = nameOf(operation, true);
      const { args, api } = askRunning(name);
      return { ...podmanWith(args), api };
    },
    describe: (operation) => `verify that the replacement of ${subjectOf(operation)} is running`,
    words: (operation) =>
      wordsOf(operation, 'verifying the replacement', 'replacement is running', { isInternal: true }),
    target: namesOf,
    policy: () => ({ waitsBefore: SEEN_AFTER_MILLISECONDS }),
  },
  'update-container': {
    command: updateCommand,
    describe: (operation) => `update ${subjectOf(targetOf(operation))}`,
    words: (operation) => wordsOf(targetOf(operation), 'updating', 'updated', { result: 'made' }),
    target: targetOf,
  },
  'create-container-record': {
    publishedKind: 'create-note',
    command: createContainerRecordCommand,
    describe: (operation) => `record the update of ${subjectOf(targetOf(operation))}`,
    words: (operation) =>
      wordsOf(
        targetOf(operation),
        'recording the update',
        operation.state === 'tainted' ? 'start of the update recorded' : 'update recorded',
      ),
    target: targetOf,
  },
  'record-stop': {
    command: createRecordCommand,
    describe: ({ pod, container }) => `record the stop of ${containerSubject(pod, container)}`,
    words: ({ pod, container }) => ({
      subject: containerSubject(pod, container),
      doing: 'recording the stop',
      done: 'stop recorded',
      isInternal: true,
    }),
    target: ({ pod, container }) => ({ pod, container }),
  },
  'unpause-container': {
    command: (operation, capabilities) => {
      const name = nameOf(operation, false);
      return withRequests(podmanWith(['unpause', name]), capabilities, () => [[unpauseChange(name)]]);
    },
    describe: (operation) => `unpause ${subjectOf(operation)}`,
    words: (operation) => wordsOf(operation, 'unpausing', 'unpaused'),
    target: namesOf,
    policy: (operation) => ({ starts: containerKey(operation) }),
  },
  'stop-containers': {
    command: stopContainersCommand,
    describe: ({ pod, containers }) => `stop ${containersSubject(pod, containers)}`,
    words: ({ pod, containers, graceSeconds }) => ({
      subject: containersSubject(pod, containers),
      doing: `stopping${upTo(graceSeconds)}`,
      done: 'stopped',
      result: 'stopped',
    }),
    target: ({ pod }) => ({ pod }),
    // podman 4.3.1 shows a container whose process and conmon were killed as stopping, and fails to stop it.
    policy: ({ containers }) => ({ stops: { containers }, endedAlready: 'container not running' }),
  },
  'rename-container': {
    command: (operation) => {
      const name = nameOf(operation, false);
      const stages = () => [[renameChange(operation.from, name)]];
      return { ...podmanWith(['rename', operation.from, name]), requests: { stages } };
    },
    describe: (operation) => `rename ${operation.from} to ${nameOf(operation, false)}`,
    words: (operation) =>
      wordsOf(operation, 'renaming the replacement', 'replacement renamed', { isInternal: true }),
    target: namesOf,
  },
  'remove-containers': {
    command: ({ containers, graceSeconds }, capabilities) =>
      withRequests(
        podmanWith(['rm', '--force', '--time', graceSeconds.toString(), ...containers]),
        capabilities,
        () => [containers.map((name) => removeChange(name, graceSeconds))],
      ),
    describe: ({ containers }) => `remove ${nounFor('container', containers)}`,
    words: ({ containers }, cause) => ({
      ...(cause !== undefined && isContainerSubject(cause)
        ? { subject: cause, doing: 'removing the old container', done: 'old container removed' }
        : { subject: removedContainersSubject(containers, cause), doing: 'removing', done: 'removed' }),
      result: 'removed',
    }),
    target: () => ({}),
    policy: ({ containers }) => ({ stops: { containers } }),
  },
};

function targetOf({ pod, container }: Pick<ContainerCreation, 'pod' | 'container'>): NamedContainer {
  return { pod: pod.name, container: container.name, ...roleOf(container) };
}

function namesOf({ pod, container, role }: NamedContainer): NamedContainer {
  return { pod, container, ...defined({ role }) };
}

/** The role as a member of an operation. */
export function roleOf({ role }: { readonly role: ContainerRole }): Pick<NamedContainer, 'role'> {
  return role === 'init' ? { role } : {};
}

function wordsOf(
  named: NamedContainer,
  doing: string,
  done: string,
  more: Pick<OperationWords, 'isInternal' | 'result'> = {},
): OperationWords {
  return { subject: subjectOf(named), doing, done, ...more };
}

function subjectOf({ pod, container, role }: NamedContainer): string {
  return containerSubject(pod, container, role);
}

function containerKey({ pod, container }: NamedContainer): string {
  return `${pod}/${container}`;
}

function nameOf({ pod, container }: NamedContainer, isReplacement: boolean): string {
  return (isReplacement ? replacementName : containerName)({ name: pod }, { name: container });
}
