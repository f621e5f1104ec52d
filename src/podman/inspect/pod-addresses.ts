import { isObject } from '../../base/json-members.ts';
import { succeeded } from '../../platform/process.ts';
import { askList } from '../client/ask-list.ts';
import type { PodmanClient } from '../client/client.ts';
import { inspectContainers } from '../client/queries.ts';
import { parseList } from './decode.ts';
import type { ObservedPod } from './observed.ts';

/**
 * Adds the addresses of running pods, with one query for all, or none if no pod is on a network. A pod that was removed in
 * the meantime leaves all without an address.
 */
export async function inspectAddresses(
  podman: PodmanClient,
  pods: readonly ObservedPod[],
): Promise<readonly ObservedPod[]> {
  const ids = pods.filter(isOnNetwork).flatMap(({ infraId }) => infraId ?? []);
  if (ids.length === 0) return pods;
  const answer = await askList(podman, inspectContainers(ids));
  if (!succeeded(answer)) return pods;
  const addresses = new Map(
    parseList(answer.stdout).map(({ Id: id, NetworkSettings: settings }) => [id, addressesIn(settings)]),
  );
  return pods.map((pod) => {
    const found = addresses.get(pod.infraId) ?? [];
    return found.length === 0 ? pod : { ...pod, addresses: found };
  });
}

function isOnNetwork({ infra, networks = [] }: ObservedPod): boolean {
  return networks.length > 0 && (infra === 'running' || infra === 'paused');
}

function addressesIn(settings: unknown): readonly string[] {
  const networks = isObject(settings) ? settings['Networks'] : undefined;
  const all = isObject(networks) ? Object.values(networks).filter(isObject) : [];
  return ['IPAddress', 'GlobalIPv6Address'].flatMap((member) =>
    all.flatMap((network) => {
      const address = network[member];
      return typeof address === 'string' && address !== '' ? [address] : [];
    }),
  );
}
