import type { DesiredContainer, DesiredPod } from '../kube/spec/desired.ts';
import { troubleOf, type Trouble } from '../kube/status/trouble.ts';
import { askLastExitCodes } from '../podman/inspect/last-ends.ts';
import type { ObservedContainer } from '../podman/inspect/observed.ts';
import { containerName } from '../podman/names.ts';
import { containerFacts } from './container-facts.ts';
import type { Engine } from './engine.ts';

export interface TroubledContainer {
  readonly pod: DesiredPod;
  readonly container: DesiredContainer;
  readonly trouble: Trouble;
}

/**
 * The containers that are not in the state in which `up` should leave them.
 * @param containers inspected containers
 * @param isFresh whether this run has started a container, by podman's name
 */
export async function findTroubles(
  { platform, podman }: Pick<Engine, 'platform' | 'podman'>,
  pods: readonly DesiredPod[],
  containers: readonly ObservedContainer[],
  isFresh: (name: string) => boolean,
): Promise<readonly TroubledContainer[]> {
  const byName = new Map(containers.map((container) => [container.name, container]));
  const now = platform.today() / 1000;
  const find = (exitCodes: ReadonlyMap<string, number>) =>
    pods.flatMap((pod) =>
      pod.containers.flatMap((container): readonly TroubledContainer[] => {
        const name = containerName(pod, container);
        const observed = byName.get(name);
        const policy = container.restartPolicy;
        const context = { policy, now, isFresh: isFresh(name) };
        const trouble = troubleOf(factsOf(container, observed, exitCodes), context);
        return trouble === undefined ? [] : [{ pod, container, trouble }];
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

function factsOf(
  { name }: DesiredContainer,
  observed: ObservedContainer | undefined,
  exitCodes: ReadonlyMap<string, number>,
) {
  const facts = containerFacts({ name, ...(observed === undefined ? {} : { observed }) }, 0);
  const exitCode = exitCodes.get(observed?.id ?? '');
  return {
    ...facts,
    createdAt: observed?.createdAt ?? 0,
    ...(exitCode === undefined ? {} : { lastEnd: { ...facts.lastEnd, exitCode } }),
  };
}
