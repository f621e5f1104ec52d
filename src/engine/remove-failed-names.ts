import { carryOut } from '../apply/carry-out.ts';
import type { Outcome } from '../apply/events.ts';
import type { PodmanCapabilities } from '../podman/inspect/version.ts';
import type { Engine } from './engine.ts';
import { listProject } from './watch-look.ts';
import { isUp } from './watch-sighting.ts';

export interface FailedNamesContext {
  readonly project: string;
  readonly capabilities: PodmanCapabilities;
  readonly stop: AbortSignal;
}

/**
 * Removes the names of pods that have failed to start, which podman 4 leaves in the DNS server of their network
 * (docs/podman.md): they would lead to an address that nobody has, and without the network the server of all networks would
 * fail. The lock of the project is held. Names that cannot be removed are left: the failure itself is reported.
 */
export async function removeFailedNames(
  { podman }: Pick<Engine, 'podman'>,
  { failed }: Pick<Outcome, 'failed'>,
  { project, capabilities, stop }: FailedNamesContext,
): Promise<void> {
  if (capabilities.removesFailedNames || failed.length === 0 || stop.aborted) return;
  const listed = await listProject(podman, project);
  if (!listed.ok) return;
  const down = listed.value.pods.filter((pod) => !isUp(pod));
  const networks = new Set(down.flatMap(({ networks: joined = [] }) => joined));
  for (const network of networks) {
    const containers = down.flatMap(({ infraId, networks: joined = [] }) =>
      infraId !== undefined && joined.includes(network) ? [infraId] : [],
    );
    await carryOut({ kind: 'remove-names', network, containers }, { podman, capabilities, stop });
  }
}
