import { defined } from '../../base/defined.ts';
import type { DesiredContainer, DesiredPod } from '../../kube/spec/desired.ts';
import { runsToEnd } from '../../kube/spec/restart-policy.ts';
import type { DnsSettings } from '../../kube/spec/dns.ts';
import { containerName, replacementName } from '../../podman/names.ts';
import type { ObservedContainer, ObservedPod } from '../../podman/inspect/observed.ts';
import { roleOf } from '../../podman/operations/container.ts';
import type { Operation } from '../../podman/operations/operation.ts';
import { subjectId } from '../change.ts';
import type { ContainerDecision } from '../decide/decision.ts';
import { lastIds, type Step } from '../step.ts';
import { existingContainer, postStartOperation, postStartSteps } from './post-start.ts';
import { retryOfInit } from './retry.ts';
import { subPathSteps } from './sub-paths.ts';
import { stopContainersSteps } from './termination.ts';

export interface ContainerStepsInput {
  readonly project: string;
  readonly pod: DesiredPod;
  readonly dns: DnsSettings;
  /** The pod is new: existing containers were removed with the old pod. */
  readonly podIsNew: boolean;
  /** Steps for other containers of the pod may run at the same time. */
  readonly besideOthers: boolean;
  /** The existing pod, and all its containers. */
  readonly current: ObservedPod | undefined;
  readonly members: readonly ObservedContainer[];
  /** IDs of the steps that stop removed containers, if containers are replaced at the same time. */
  readonly stopsRemoved: readonly string[];
}

/** The steps for the decision about one container. */
export function containerSteps(
  input: ContainerStepsInput,
  { container, action }: ContainerDecision,
  needs: readonly string[],
): readonly Step[] {
  const { pod } = input;
  const id = subjectId({ kind: 'container', pod: pod.name, role: container.role, name: container.name });
  const names = { pod: pod.name, container: container.name, ...roleOf(container) };
  const step = (operation: Operation): Step => ({ id, needs, cause: id, operation });
  const start: Operation = {
    kind: 'start-container',
    ...names,
    isReplacement: false,
    ...inWorkingDir(container),
  };
  const unpause: Operation = { kind: 'unpause-container', ...names };
  switch (action.kind) {
    case 'run':
      return runSteps(input, container, action.removesExisting && !input.podIsNew, id, needs);
    case 'replace':
      return replaceSteps(input, container, action, id, needs);
    case 'update':
      return updateSteps(input, container, action, id, needs);
    case 'start': {
      // The subPath may have changed since the container was created.
      const subPaths = subPathSteps(pod, container, id, needs);
      return [
        ...subPaths,
        { ...step(start), needs: lastIds(subPaths, needs) },
        ...postStart(pod, container, [id]),
      ];
    }
    case 'unpause':
      return [step(unpause)];
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
          return [
            rename,
            ...subPaths,
            { ...step(start), needs: lastIds(subPaths, [rename.id]) },
            ...postStart(pod, container, [id]),
          ];
        }
        case 'unpause':
          return [rename, { ...step(unpause), needs: [rename.id] }];
        case 'nothing':
          return [rename];
      }
    }
    case 'finish-replace':
      return finishReplaceSteps(pod, container, id, needs);
  }
}

function runSteps(
  { project, pod, dns }: ContainerStepsInput,
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
      operation: {
        kind: 'run-container',
        project,
        pod,
        container,
        dns,
        replace,
      },
      ...(runsToEnd(container)
        ? retryOfInit(container.ownRestartPolicy ?? pod.restartPolicy, container.restartPolicyRules)
        : {}),
    },
    ...postStart(pod, container, [id]),
  ];
}

/** The step of its hook after the container has started. */
function postStart(
  pod: DesiredPod,
  container: DesiredContainer,
  needs: readonly string[],
  name = containerName(pod, container),
): readonly Step[] {
  const { role, postStart: hook, preStop, restartPolicy, restartPolicyRules } = container;
  const graceSeconds = container.terminationGracePeriodSeconds;
  const cause = subjectId({ kind: 'container', pod: pod.name, role, name: container.name });
  const { hostNetwork } = pod.sandbox;
  const started = { pod: pod.name, container: container.name, role, name, graceSeconds, hostNetwork };
  return postStartSteps(
    { ...started, restartPolicy, ...defined({ postStart: hook, preStop, restartPolicyRules }) },
    cause,
    needs,
  );
}

/** Updates a container in place. Its record is tainted until the update has succeeded. */
function updateSteps(
  { project, pod }: ContainerStepsInput,
  container: DesiredContainer,
  {
    parts,
    containerId,
    isWatched,
    watcherRecord,
  }: Extract<ContainerDecision['action'], { readonly kind: 'update' }>,
  id: string,
  needs: readonly string[],
): readonly Step[] {
  const changesPolicy = parts.includes('restartPolicy');
  const record = {
    kind: 'create-container-record',
    ...{ project, pod, container, containerId, changesPolicy, isWatched: isWatched && !changesPolicy },
    ...defined({ watcherRecord }),
  } as const;
  const taint = `doubt/${pod.name}/${container.name}`;
  return [
    { id: taint, needs, cause: id, operation: { ...record, state: 'tainted' } },
    { id, needs: [taint], cause: id, operation: { kind: 'update-container', pod, container, parts } },
    {
      id: `note/${pod.name}/${container.name}`,
      needs: [id],
      cause: id,
      operation: { ...record, state: 'updated' },
    },
  ];
}

/**
 * Replaces a container inside its pod: creates the new one, stops the old one, starts the new one, and removes the old one
 * after the new one is verified to be running. Otherwise the old one is started again.
 */
function replaceSteps(
  input: ContainerStepsInput,
  container: DesiredContainer,
  { isRunning, waitsForRemoved }: Extract<ContainerDecision['action'], { readonly kind: 'replace' }>,
  cause: string,
  needs: readonly string[],
): readonly Step[] {
  const { project, pod, dns, besideOthers, stopsRemoved, current, members } = input;
  const names = { pod: pod.name, container: container.name, ...roleOf(container) };
  const path = `${pod.name}/${container.name}`;
  const startId = `start/${path}`;
  const graceSeconds = container.terminationGracePeriodSeconds;
  const removeReplacement: Operation = {
    kind: 'remove-containers',
    containers: [replacementName(pod, container)],
    graceSeconds,
  };
  const undo: readonly Operation[] = isRunning
    ? [removeReplacement, ...startAgain(input, container)]
    : [removeReplacement];
  const subPaths = subPathSteps(pod, container, cause, needs);
  const create: Step = {
    id: `create/${path}`,
    needs: lastIds(subPaths, needs),
    cause,
    operation: { kind: 'create-replacement', project, pod, container, dns },
  };
  const old = containerName(pod, container);
  const stop = stopContainersSteps(`stop/${path}`, isRunning ? [old] : [], {
    ...{ pod: pod.name, current, members, graceSeconds, cause, besideOthers },
    needs: [create.id],
  }).map((step) => ({ ...step, undo, undoUnless: startId }));
  const start: Step = {
    id: startId,
    needs: [...lastIds(stop, [create.id]), ...(waitsForRemoved === true ? stopsRemoved : [])],
    cause,
    operation: { kind: 'start-container', ...names, isReplacement: true, ...inWorkingDir(container) },
    undo,
  };
  const hook = postStart(pod, container, [startId], replacementName(pod, container)).map((step) => ({
    ...step,
    undo,
  }));
  const started = lastIds(hook, [startId]);
  // With another restart policy, the container may have completed already.
  const verify: readonly Step[] =
    container.restartPolicy === 'Always'
      ? [
          {
            id: `see/${path}`,
            needs: started,
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
    ...hook,
    ...verify,
    ...finishReplaceSteps(pod, container, cause, lastIds(verify, started)),
  ];
}

/** Starts the old container after its replacement has failed. */
function startAgain(
  { pod, current, members }: ContainerStepsInput,
  container: DesiredContainer,
): readonly Operation[] {
  const start: Operation = {
    kind: 'start-container',
    pod: pod.name,
    container: container.name,
    ...roleOf(container),
    isReplacement: false,
  };
  const old = members.find(({ name }) => name === containerName(pod, container));
  const hook = old && postStartOperation(existingContainer(old, current, [old]));
  return hook === undefined ? [start] : [start, hook];
}

/** Removes the old container and gives its name to the new one. */
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
        ...roleOf(container),
        from: replacementName(pod, container),
      },
    },
  ];
}

function inWorkingDir({ workingDir }: DesiredContainer): { readonly workingDir?: string } {
  return defined({ workingDir });
}
