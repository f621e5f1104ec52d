import type { DesiredPod } from '../kube/spec/desired.ts';
import { missingProbe } from '../kube/status/missing-probe.ts';
import { probedContainers } from '../plan/decide/checks.ts';
import type { ContainersAndPods } from '../podman/inspect/decode.ts';
import type { Engine } from './engine.ts';
import { addWatchedFacts } from './watch-facts.ts';

/**
 * The containers that are not ready, by podman's ID, with the last result of the probe that decides. Those of which their
 * watcher says nothing are left out.
 */
export async function findNotReady(
  engine: Pick<Engine, 'podman' | 'platform'>,
  pods: readonly DesiredPod[],
  known: Pick<ContainersAndPods, 'containers' | 'pods'>,
): Promise<ReadonlyMap<string, string>> {
  const { containers } = await addWatchedFacts(engine, probedContainers(pods, known), known.pods);
  return new Map(
    containers.flatMap(({ id, watched }) => {
      const probe = watched === undefined ? undefined : missingProbe(watched);
      return probe === undefined ? [] : [[id, probe] as const];
    }),
  );
}
