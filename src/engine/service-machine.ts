import type { Diagnostic } from '../base/diagnostic.ts';
import type { SourcedService } from '../kube/services/desired-services.ts';
import { isForwarded } from '../kube/spec/desired-service.ts';
import { portKey } from '../plan/decide/service-ports.ts';
import type { LastAppliedPort } from '../podman/last-applied.ts';
import type { NoWatcher } from '../plan/decide/no-watcher.ts';
import type { EnginePlatform } from './engine.ts';

/** Where `nft` may be besides the directories of PATH, which have no programs for root on Debian. */
const SYSTEM_DIRECTORIES = ['/usr/sbin', '/sbin'] as const;

/**
 * The address of a Service is rules of the kernel, which `nft` sets in the network of a pod of this machine. Where that is
 * not possible, nothing is changed.
 * @param watcher `remote` if podman is
 */
export function checkServiceMachine(
  { env, files }: Pick<EnginePlatform, 'env' | 'files'>,
  watcher: NoWatcher | 'available' | undefined,
  services: readonly SourcedService[],
): readonly Diagnostic[] {
  const first = services.find(({ service }) => isForwarded(service));
  if (first === undefined) return [];
  const refuse = (found: Pick<Diagnostic, 'code' | 'message' | 'help'>): readonly Diagnostic[] => [
    { ...found, severity: 'error', path: 'kind', location: first.locate(['kind']) },
  ];
  if (watcher === 'remote')
    return refuse({
      code: 'service-remote',
      message: 'a Service needs the podman of this machine, not a remote one',
      help: 'Run podpose on the machine of the containers.',
    });
  const directories = [...(env['PATH'] ?? '').split(':'), ...SYSTEM_DIRECTORIES];
  if (directories.some((directory) => files.typeOf(`${directory}/nft`) === 'file')) return [];
  return refuse({
    code: 'nft-missing',
    message: "a Service needs the program 'nft', which is not installed",
    help: 'Install the package nftables: sudo apt install nftables, or sudo dnf install nftables.',
  });
}

/** Tries ports of the machine, and adds the answers to those so far. */
export async function tryPorts(
  { probePort }: Pick<EnginePlatform, 'probePort'>,
  ports: readonly LastAppliedPort[],
  before: ReadonlyMap<string, boolean> = new Map<string, boolean>(),
): Promise<ReadonlyMap<string, boolean>> {
  const found = await Promise.all(
    ports.map(async (port) => {
      const { hostIP: address, hostPort, protocol } = port;
      const answer = await probePort({ address, port: hostPort, protocol });
      return [portKey(port), answer === 'free'] as const;
    }),
  );
  return new Map([...before, ...found]);
}
