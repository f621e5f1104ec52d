import { carryOut } from '../apply/carry-out.ts';
import { endContainers, runPostStart, terminate, type HookContext } from '../apply/hooks.ts';
import { defined } from '../base/defined.ts';
import type { WatchedContainer } from '../kubelet/watched.ts';
import { isSidecar } from '../kube/spec/restart-policy.ts';
import type { TerminateContainers } from '../podman/operations/hook-work.ts';
import { containerName } from '../podman/names.ts';

export interface ActionContext extends HookContext {
  readonly stop: AbortSignal;
}

/** Starts a container that has ended. Returns podman's error; undefined after success. */
export async function startWatched(
  { pod, container, role, beforeStart, workingDir }: WatchedContainer,
  context: ActionContext,
): Promise<string | undefined> {
  for (const operation of beforeStart) {
    const error = await carryOut(operation, context, FAILED);
    if (error !== undefined) return error.message;
  }
  const named = { pod, container, ...(role === 'init' ? { role } : {}), ...defined({ workingDir }) };
  return (await carryOut({ kind: 'start-container', ...named, isReplacement: false }, context, FAILED))
    ?.message;
}

/** Runs the postStart hook of a container that was started. After a failure, the container is killed. The end of the watch cuts it off. */
export async function runWatchedPostStart(
  { pod, container, role, lifecycle, restartPolicy, terminationGracePeriodSeconds }: WatchedContainer,
  context: ActionContext,
): Promise<boolean> {
  const { postStart, preStop } = lifecycle;
  if (postStart === undefined) return true;
  const name = containerName({ name: pod }, { name: container });
  const end = await runPostStart(
    {
      ...{ kind: 'run-post-start', pod, container, role, name, hook: postStart, hostNetwork: false },
      ...{ graceSeconds: terminationGracePeriodSeconds, restartPolicy, ...defined({ preStop }) },
    },
    context,
    context.stop,
  );
  return end === 'succeeded' || end === 'cut-off';
}

/**
 * Ends a running container within a grace period in seconds, with its preStop hook, for a probe that has failed too often. For
 * podman, it is not stopped on purpose. Returns podman's error.
 */
export async function killWatched(
  container: WatchedContainer,
  graceSeconds: number,
  context: ActionContext,
): Promise<string | undefined> {
  const { pod } = container;
  if (graceSeconds === 0) return stopAtOnce(pod, [container], graceSeconds, context);
  return (await endContainers({ pod, graceSeconds, ...terminationsOf([container]) }, context))?.message;
}

/**
 * Stops the sidecars of a pod that is over within its grace period, in reverse order. Returns podman's error.
 * @param sidecars those that run, in the order of the manifest
 */
export async function stopWatchedSidecars(
  pod: string,
  sidecars: readonly WatchedContainer[],
  context: ActionContext,
): Promise<string | undefined> {
  const graceSeconds = graceSecondsOf(sidecars);
  return graceSeconds === 0
    ? stopAtOnce(pod, sidecars, graceSeconds, context)
    : terminateAll(pod, sidecars, graceSeconds, true, context);
}

/**
 * Stops a pod whose deadline has passed, within its grace period: preStop hooks, app containers, then the sidecars in reverse
 * order. Returns podman's error.
 * @param containers those of the pod, in the order of the manifest
 */
export async function stopWatchedPod(
  pod: string,
  containers: readonly WatchedContainer[],
  context: ActionContext,
): Promise<string | undefined> {
  const graceSeconds = graceSecondsOf(containers);
  const isPlain = containers.every((one) => !isSidecar(one) && one.lifecycle.preStop === undefined);
  if (graceSeconds > 0 && !isPlain) await terminateAll(pod, containers, graceSeconds, false, context);
  const stop = { pod, containers: containers.length, graceSeconds };
  return (await carryOut({ kind: 'stop-pod', ...stop }, context, FAILED))?.message;
}

/** The grace period of a pod, in seconds. */
function graceSecondsOf(containers: readonly WatchedContainer[]): number {
  return Math.max(0, ...containers.map(({ terminationGracePeriodSeconds }) => terminationGracePeriodSeconds));
}

/** Without preStop hooks, and in no order. */
async function stopAtOnce(
  pod: string,
  containers: readonly WatchedContainer[],
  graceSeconds: number,
  context: ActionContext,
): Promise<string | undefined> {
  const stop = {
    pod,
    graceSeconds,
    besideOthers: true,
    containers: containers.map(nameOf),
  };
  return (await carryOut({ kind: 'stop-containers', ...stop }, context, FAILED))?.message;
}

/** With preStop hooks, and the sidecars last, in reverse order. */
async function terminateAll(
  pod: string,
  containers: readonly WatchedContainer[],
  graceSeconds: number,
  besideOthers: boolean,
  context: ActionContext,
): Promise<string | undefined> {
  const given = { pod, graceSeconds, besideOthers, hostNetwork: false };
  const terminations = terminationsOf(containers);
  return (await terminate({ kind: 'terminate-containers', ...given, ...terminations }, context))?.message;
}

/** @param containers in the order of the manifest */
function terminationsOf(
  containers: readonly WatchedContainer[],
): Pick<TerminateContainers, 'containers' | 'sidecars'> {
  const terminationOf = (container: WatchedContainer) => ({
    name: nameOf(container),
    ...defined({ preStop: container.lifecycle.preStop }),
  });
  return {
    containers: containers.filter((one) => !isSidecar(one)).map(terminationOf),
    sidecars: containers.filter(isSidecar).reverse().map(terminationOf),
  };
}

/** podman's name. */
export function nameOf({ pod, container }: WatchedContainer): string {
  return containerName({ name: pod }, { name: container });
}

const FAILED = 'podman failed';
