import type { DesiredContainer, DesiredPod } from '../../kube/spec/desired.ts';
import type { DnsSettings } from '../../kube/spec/dns.ts';
import { isTerminationMount } from '../../kube/spec/termination-message.ts';
import { containerName, podVolumeName, replacementName } from '../../podman/names.ts';
import type { Operation } from '../../podman/operations/operation.ts';
import { volumeOrigin } from '../../podman/inspect/volume-origin.ts';
import { subjectId } from '../change.ts';
import type { ContainerDecision } from '../decide/decision.ts';
import { lastIds, type Step } from '../step.ts';

export interface ContainerStepsInput {
  readonly project: string;
  readonly pod: DesiredPod;
  readonly dns: DnsSettings;
  /** The pod is new: whatever had the name of one of its containers is gone with the old one. */
  readonly podIsNew: boolean;
  readonly hasNewList?: true;
  /** Something is done with other containers of the pod at the same time. */
  readonly besideOthers: boolean;
  /** The steps that stop surplus containers, where containers are replaced meanwhile. */
  readonly stopsSurplus: readonly string[];
}

/** The steps that carry out what was decided about one container. */
export function containerSteps(
  input: ContainerStepsInput,
  { container, action }: ContainerDecision,
  needs: readonly string[],
): readonly Step[] {
  const { pod } = input;
  const id = subjectId({ kind: 'container', pod: pod.name, role: container.role, name: container.name });
  const names = { pod: pod.name, container: container.name };
  const step = (operation: Operation): Step => ({ id, needs, cause: id, operation });
  const start: Operation = { kind: 'start-container', ...names, isReplacement: false, ...inDir(container) };
  const resume: Operation = { kind: 'unpause-container', ...names };
  switch (action.kind) {
    case 'run':
      return runSteps(input, container, action.isThere && !input.podIsNew, id, needs);
    case 'replace':
      return replaceSteps(input, container, action, id, needs);
    case 'update':
      return updateSteps(input, container, action, id, needs);
    case 'start': {
      // What is there may be something else than when the container was made.
      const subPaths = subPathSteps(pod, container, id, needs);
      return [...subPaths, { ...step(start), needs: lastIds(subPaths, needs) }];
    }
    case 'resume':
      return [step(resume)];
    case 'rename': {
      const rename: Step = {
        id: `rename/${pod.name}/${container.name}`,
        needs,
        cause: id,
        operation: { kind: 'rename-container', ...names, from: action.from },
      };
      switch (action.then) {
        case 'start': {
          const subPaths = subPathSteps(pod, container, id, [rename.id]);
          return [rename, ...subPaths, { ...step(start), needs: lastIds(subPaths, [rename.id]) }];
        }
        case 'resume':
          return [rename, { ...step(resume), needs: [rename.id] }];
        case 'nothing':
          return [rename];
      }
    }
    case 'complete':
      return finishReplaceSteps(pod, container, id, needs);
  }
}

function runSteps(
  { project, pod, dns, hasNewList }: ContainerStepsInput,
  container: DesiredContainer,
  replace: boolean,
  id: string,
  needs: readonly string[],
): readonly Step[] {
  const subPaths = subPathSteps(pod, container, id, needs);
  return [
    ...subPaths,
    {
      id,
      needs: lastIds(subPaths, needs),
      cause: id,
      operation: { kind: 'run-container', project, pod, container, dns, replace, ...newList(hasNewList) },
      ...(container.role === 'init' && pod.restartPolicy !== 'Never' ? { retry: 'back-off' } : {}),
    },
  ];
}

function newList(hasNewList: true | undefined): { readonly hasNewList?: true } {
  return hasNewList === true ? { hasNewList } : {};
}

/**
 * Whenever it is cut short, there is a note that what the container was made with need not be true any more.
 */
function updateSteps(
  { project, pod }: ContainerStepsInput,
  container: DesiredContainer,
  { parts, containerId }: Extract<ContainerDecision['action'], { readonly kind: 'update' }>,
  id: string,
  needs: readonly string[],
): readonly Step[] {
  const note = { kind: 'create-container-record', project, pod, container, containerId } as const;
  const before = `doubt/${pod.name}/${container.name}`;
  return [
    { id: before, needs, cause: id, operation: { ...note, says: 'in-doubt' } },
    { id, needs: [before], cause: id, operation: { kind: 'update-container', pod, container, parts } },
    {
      id: `note/${pod.name}/${container.name}`,
      needs: [id],
      cause: id,
      operation: { ...note, says: 'updated' },
    },
  ];
}

/**
 * Puts a new container in the place of one that runs, inside the live pod: the old one is there until the new
 * one has been seen running, and comes back when it does not.
 */
function replaceSteps(
  { project, pod, dns, besideOthers, stopsSurplus, hasNewList }: ContainerStepsInput,
  container: DesiredContainer,
  { isRunning, waitsForSurplus }: Extract<ContainerDecision['action'], { readonly kind: 'replace' }>,
  cause: string,
  needs: readonly string[],
): readonly Step[] {
  const names = { pod: pod.name, container: container.name };
  const place = `${pod.name}/${container.name}`;
  const startId = `start/${place}`;
  const graceSeconds = container.terminationGracePeriodSeconds;
  const discard: Operation = {
    kind: 'remove-containers',
    containers: [replacementName(pod, container)],
    graceSeconds,
  };
  const undo: readonly Operation[] = isRunning
    ? [discard, { kind: 'start-container', ...names, isReplacement: false }]
    : [discard];
  const subPaths = subPathSteps(pod, container, cause, needs);
  const create: Step = {
    id: `create/${place}`,
    needs: lastIds(subPaths, needs),
    cause,
    operation: { kind: 'create-replacement', project, pod, container, dns, ...newList(hasNewList) },
  };
  const stop: readonly Step[] = isRunning
    ? [
        {
          id: `stop/${place}`,
          needs: [create.id],
          cause,
          operation: {
            kind: 'stop-containers',
            pod: pod.name,
            containers: [containerName(pod, container)],
            graceSeconds,
            besideOthers,
          },
          undo,
          undoUnless: startId,
        },
      ]
    : [];
  const start: Step = {
    id: startId,
    needs: [...lastIds(stop, [create.id]), ...(waitsForSurplus === true ? stopsSurplus : [])],
    cause,
    operation: { kind: 'start-container', ...names, isReplacement: true, ...inDir(container) },
    undo,
  };
  // What may end by itself may have ended by now, and be right.
  const see: readonly Step[] =
    container.restartPolicy === 'Always'
      ? [
          {
            id: `see/${place}`,
            needs: [start.id],
            cause,
            operation: { kind: 'verify-running', ...names },
            undo,
          },
        ]
      : [];
  return [
    ...subPaths,
    create,
    ...stop,
    start,
    ...see,
    ...finishReplaceSteps(pod, container, cause, lastIds(see, [start.id])),
  ];
}

/** The new one runs: the old one goes, and its name with it to the new one. */
function finishReplaceSteps(
  pod: DesiredPod,
  container: DesiredContainer,
  cause: string,
  needs: readonly string[],
): readonly Step[] {
  const remove: Step = {
    id: `remove/${pod.name}/${container.name}`,
    needs,
    cause,
    operation: {
      kind: 'remove-containers',
      containers: [containerName(pod, container)],
      graceSeconds: container.terminationGracePeriodSeconds,
    },
  };
  return [
    remove,
    {
      id: cause,
      needs: [remove.id],
      cause,
      operation: {
        kind: 'rename-container',
        pod: pod.name,
        container: container.name,
        from: replacementName(pod, container),
      },
    },
  ];
}

function inDir({ workingDir }: DesiredContainer): { readonly workingDir?: string } {
  return workingDir === undefined ? {} : { workingDir };
}

function subPathSteps(
  pod: DesiredPod,
  container: DesiredContainer,
  cause: string,
  needs: readonly string[],
): readonly Step[] {
  return container.volumeMounts.flatMap((mount, index): readonly Step[] => {
    const { mountPath, subPath } = mount;
    const from = volumeOrigin(pod, mount);
    // In an image it is there or is not.
    if (subPath === undefined || from.type === 'image') return [];
    const id = `sub-path/${pod.name}/${container.name}${mountPath}`;
    const names = { pod: pod.name, container: container.name };
    const operation: Operation = isTerminationMount(mount)
      ? { kind: 'make-termination-log', ...names, volume: podVolumeName(pod, mount) }
      : { kind: 'make-sub-path', ...names, from, mount, index, subPath };
    return [{ id, needs, cause, operation }];
  });
}
