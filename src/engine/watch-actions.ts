import { carryOut } from '../apply/carry-out.ts';
import { runPostStart, terminate, type HookContext } from '../apply/hooks.ts';
import { defined } from '../base/defined.ts';
import type { WatchedContainer } from '../kubelet/watched.ts';
import { isSidecar } from '../kube/spec/restart-policy.ts';
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

/** Stops a running container within a grace period in seconds, with its preStop hook. Returns podman's error. */
export async function killWatched(
  { pod, container, lifecycle: { preStop } }: WatchedContainer,
  graceSeconds: number,
  context: ActionContext,
): Promise<string | undefined> {
  const name = containerName({ name: pod }, { name: container });
  const given = { pod, graceSeconds, besideOthers: true };
  const error =
    preStop === undefined || graceSeconds === 0
      ? await carryOut({ kind: 'stop-containers', ...given, containers: [name] }, context, FAILED)
      : await terminate(
          {
            ...{ kind: 'terminate-containers', ...given, containers: [{ name, preStop }] },
            ...{ sidecars: [], hostNetwork: false },
          },
          context,
        );
  return error?.message;
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
  const graceSeconds = Math.max(
    0,
    ...containers.map(({ terminationGracePeriodSeconds }) => terminationGracePeriodSeconds),
  );
  const terminationOf = ({ container, lifecycle: { preStop } }: WatchedContainer) => ({
    name: containerName({ name: pod }, { name: container }),
    ...defined({ preStop }),
  });
  const sidecars = containers.filter(isSidecar).reverse();
  const apps = containers.filter((container) => !isSidecar(container));
  const isPlain = sidecars.length === 0 && apps.every(({ lifecycle }) => lifecycle.preStop === undefined);
  if (graceSeconds > 0 && !isPlain)
    await terminate(
      {
        ...{ kind: 'terminate-containers', pod, graceSeconds, besideOthers: false, hostNetwork: false },
        ...{ containers: apps.map(terminationOf), sidecars: sidecars.map(terminationOf) },
      },
      context,
    );
  return (
    await carryOut({ kind: 'stop-pod', pod, containers: containers.length, graceSeconds }, context, FAILED)
  )?.message;
}

const FAILED = 'podman failed';
