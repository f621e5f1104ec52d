import { abortController } from '../base/abort.ts';
import { THIS_MACHINE } from '../kube/services/external-name.ts';
import type { EnginePlatform } from './engine.ts';
import { readAddresses } from './host-addresses.ts';

/** The time limit for a lookup, in milliseconds: without name servers, a resolver tries for 10 s and more. */
const LONGEST_MILLISECONDS = 3000;

/** podman's names of this machine in the hosts file of each pod. */
const NAMES_OF_THE_MACHINE: ReadonlySet<string> = new Set([
  'host.containers.internal',
  'host.docker.internal',
]);

/**
 * Looks up hosts, and adds the answers to those so far. None for a host without an IPv4 address: the network of a project has
 * no others.
 */
export async function lookUpHosts(
  platform: Pick<EnginePlatform, 'lookUpHost' | 'files' | 'clock'>,
  hosts: readonly string[],
  before: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>(),
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (hosts.length === 0) return before;
  const own = new Set(await readAddresses(platform.files));
  const found = await Promise.all(
    hosts.map(async (host) => [host, await addressesOf(platform, host, own)] as const),
  );
  return new Map([...before, ...found]);
}

async function addressesOf(
  { lookUpHost, clock }: Pick<EnginePlatform, 'lookUpHost' | 'clock'>,
  host: string,
  own: ReadonlySet<string>,
): Promise<readonly string[]> {
  if (NAMES_OF_THE_MACHINE.has(host)) return [THIS_MACHINE];
  const over = abortController();
  const limit = clock.sleep(LONGEST_MILLISECONDS, over.signal).then((): readonly string[] => []);
  const found = await Promise.race([lookUpHost(host), limit]);
  over.abort();
  const isOwn = (address: string) => address.startsWith('127.') || own.has(address);
  return [...new Set(found.map((address) => (isOwn(address) ? THIS_MACHINE : address)))];
}
