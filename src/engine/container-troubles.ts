import { defined } from '../base/defined.ts';
import type { DesiredContainer, DesiredPod } from '../kube/spec/desired.ts';
import { isSidecar, lastingContainers } from '../kube/spec/restart-policy.ts';
import { troubleOf, type Trouble } from '../kube/status/trouble.ts';
import { askLastExitCodes } from '../podman/inspect/last-ends.ts';
import type { ObservedContainer } from '../podman/inspect/observed.ts';
import type { MessageContainer } from '../podman/inspect/termination-message.ts';
import { containerName } from '../podman/names.ts';
import { containerFacts } from './container-facts.ts';
import type { Engine } from './engine.ts';

/** A pod of a manifest, or of the last-applied records. */
export type CheckedPod = Pick<DesiredPod, 'name'> & {
  readonly initContainers: readonly CheckedContainer[];
  readonly containers: readonly CheckedContainer[];
};

export type CheckedContainer = MessageContainer &
  Pick<DesiredContainer, 'role' | 'restartPolicy' | 'restartPolicyRules'>;

export interface TroubledContainer {
  readonly pod: CheckedPod;
  readonly container: CheckedContainer;
  readonly trouble: Trouble;
  /** Why its last start has failed, as the watcher reports it. */
  readonly startError?: string;
}

/**
 * The containers that are not in the state in which `up` should leave them.
 * @param containers inspected containers
 * @param isFresh whether this run has started a container, by podman's name
 */
export async function findTroubles(
  { platform, podman }: Pick<Engine, 'platform' | 'podman'>,
  pods: readonly CheckedPod[],
  containers: readonly ObservedContainer[],
  isFresh: (name: string) => boolean,
): Promise<readonly TroubledContainer[]> {
  const byName = new Map(containers.map((container) => [container.name, container]));
  const now = platform.today() / 1000;
  const find = (exitCodes: ReadonlyMap<string, number>) =>
    pods.flatMap((pod) =>
      lastingContainers(pod).flatMap((container): readonly TroubledContainer[] => {
        if (isSidecar(container) && isOver(pod, byName)) return [];
        const name = containerName(pod, container);
        const observed = byName.get(name);
        const policy = container.restartPolicy;
        const context = {
          ...{ policy, now, isFresh: isFresh(name) },
          ...defined({ rules: container.restartPolicyRules }),
        };
        const trouble = troubleOf(factsOf(container, observed, exitCodes), context);
        return trouble === undefined
          ? []
          : [{ pod, container, trouble, ...defined({ startError: observed?.watched?.end?.message }) }];
      }),
    );
  const found = find(new Map());
  const crashed = found.flatMap(({ pod, container, trouble }) => {
    const observed = byName.get(containerName(pod, container));
    return trouble.kind === 'restarting' && trouble.exitCode === undefined && observed !== undefined
      ? [observed]
      : [];
  });
  return crashed.length === 0 ? found : find(await askLastExitCodes(podman, crashed));
}

/** Whether the app containers of a pod have ended: its sidecars are stopped then. */
function isOver(pod: CheckedPod, byName: ReadonlyMap<string, ObservedContainer>): boolean {
  return pod.containers.every((container) => byName.get(containerName(pod, container))?.state === 'exited');
}

function factsOf(
  { name }: CheckedContainer,
  observed: ObservedContainer | undefined,
  exitCodes: ReadonlyMap<string, number>,
) {
  const facts = containerFacts({ name, ...(observed === undefined ? {} : { observed }) }, 0);
  const exitCode = exitCodes.get(observed?.id ?? '');
  const { watched } = observed ?? {};
  return {
    ...facts,
    // The others were ended and started again by a user.
    ...(watched === undefined || watched.isRestart === true ? {} : { restarts: 0 }),
    createdAt: observed?.createdAt ?? 0,
    ...(exitCode === undefined ? {} : { lastEnd: { ...facts.lastEnd, exitCode } }),
  };
}
