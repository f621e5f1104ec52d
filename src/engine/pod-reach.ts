import { memberOf, isObject } from '../base/json-members.ts';
import type { Network, RemoteNetwork } from '../platform/network.ts';
import { succeeded } from '../platform/process.ts';
import type { PodmanClient } from '../podman/client/client.ts';
import { IN_POD_NETWORK } from '../podman/client/pod-network.ts';
import { askInfraContainer, inspectContainers } from '../podman/client/queries.ts';
import { parseList } from '../podman/inspect/decode.ts';
import type { EnginePlatform } from './engine.ts';

/** Connections from the outside to the pods of a project, for probes and hooks. */
export interface PodReach {
  /**
   * Undefined if the pod has no address, and after the end.
   * @param sandbox identifies the pod's network: another text means another address; absent if that is not known
   */
  readonly reach: (pod: string, podman: PodmanClient, sandbox?: string) => Promise<ReachedPod | undefined>;
  /**
   * The pods that are up, by what identifies their networks. A network that has begun may be in another namespace. Its
   * connections go on.
   */
  readonly podsAreUp: (sandboxes: readonly string[]) => void;
  /** Ends all connections, and makes no more. */
  readonly close: () => void;
}

export interface ReachedPod {
  readonly ip: string;
  /** The network in which it has this address. */
  readonly network: Network;
  /** If not, what failed in this network says nothing of the pod. */
  readonly isOpen: () => boolean;
}

/** Where a pod is reached. */
interface PodAddress {
  readonly ip: string;
  readonly isHost: boolean;
}

export function podReach(
  platform: Pick<EnginePlatform, 'network' | 'openNetwork'>,
  program: string,
): PodReach {
  const addresses = new Map<string, PodAddress>();
  let remote: RemoteNetwork | undefined;
  let sandboxes: readonly string[] = [];
  let isClosed = false;
  let earlier: readonly RemoteNetwork[] = [];
  return {
    reach: async (pod, podman, sandbox) => {
      const known = sandbox === undefined ? undefined : addresses.get(sandbox);
      const address = known ?? (await askAddress(podman, pod));
      if (address === undefined) return undefined;
      if (sandbox !== undefined) addresses.set(sandbox, address);
      const { ip, isHost } = address;
      if (isHost) return { ip, network: platform.network, isOpen: () => true };
      // A network that is opened after `close` would keep podpose alive.
      if (isClosed) return undefined;
      if (remote?.isOpen() !== true) remote = platform.openNetwork(program, IN_POD_NETWORK);
      const { network, isOpen } = remote;
      return { ip, network, isOpen };
    },
    podsAreUp: (now) => {
      // podman takes its network down with the last container of the user, and makes another one with the next.
      if (now.some((sandbox) => !sandboxes.includes(sandbox)) && remote !== undefined) {
        remote.closeWhenUnused();
        earlier = [...earlier.filter(({ isOpen }) => isOpen()), remote];
        remote = undefined;
      }
      for (const sandbox of addresses.keys()) if (!now.includes(sandbox)) addresses.delete(sandbox);
      sandboxes = now;
    },
    close: () => {
      isClosed = true;
      for (const one of [...earlier, ...(remote === undefined ? [] : [remote])]) one.close();
    },
  };
}

/** A kubelet reaches a pod with the host's network at the address of the node. */
const HOST: PodAddress = { ip: '127.0.0.1', isHost: true };

async function askAddress(podman: PodmanClient, pod: string): Promise<PodAddress | undefined> {
  const infra = await podman.query(askInfraContainer(pod));
  if (!succeeded(infra)) return undefined;
  const answer = await podman.query(inspectContainers([infra.stdout.trim()]));
  if (!succeeded(answer)) return undefined;
  const [found] = parseList(answer.stdout);
  if (memberOf(found, 'HostConfig', 'NetworkMode') === 'host') return HOST;
  const networks = memberOf(found, 'NetworkSettings', 'Networks');
  const ips = isObject(networks) ? Object.values(networks).map((one) => memberOf(one, 'IPAddress')) : [];
  const ip = ips.find((one) => typeof one === 'string' && one !== '');
  return typeof ip === 'string' ? { ip, isHost: false } : undefined;
}
