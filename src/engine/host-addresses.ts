import type { ObservedPod } from '../podman/inspect/observed.ts';
import { lastAppliedSandbox } from '../podman/last-applied.ts';
import type { EnginePlatform } from './engine.ts';

/** proc(5) has no size of this file. */
const LONGEST_TABLE = 1_048_576;

/**
 * Gives running pods with hostNetwork the addresses of this machine, as the kubelet does. They are those that the
 * downward API gives to containers. Without them, if the machine has none or podman runs on another one.
 */
export async function withHostAddresses(
  { files, env }: Pick<EnginePlatform, 'files' | 'env'>,
  pods: readonly ObservedPod[],
): Promise<readonly ObservedPod[]> {
  const isRemote = (env['CONTAINER_HOST'] ?? '') !== '' || (env['CONTAINER_CONNECTION'] ?? '') !== '';
  if (isRemote || !pods.some(isOnHost)) return pods;
  const addresses = await readAddresses(files);
  return addresses.length === 0 ? pods : pods.map((pod) => (isOnHost(pod) ? { ...pod, addresses } : pod));
}

function isOnHost({ infra, labels, addresses }: ObservedPod): boolean {
  const isUp = infra === 'running' || infra === 'paused';
  return isUp && addresses === undefined && lastAppliedSandbox(labels).hostNetwork;
}

/** The IPv4 addresses of the machine; none if it does not tell. */
export async function readAddresses(files: EnginePlatform['files']): Promise<readonly string[]> {
  try {
    return localAddresses(Buffer.from(await files.read('/proc/net/fib_trie', LONGEST_TABLE)).toString());
  } catch {
    return [];
  }
}

/** The IPv4 addresses of the machine, without those of the loopback device: the line before each `/32 host LOCAL`. */
export function localAddresses(fibTrie: string): readonly string[] {
  const lines = fibTrie.split('\n').map((line) => line.trim());
  const found = lines.flatMap((line, index) =>
    line.startsWith('/32 host') ? (/^\|-- (\S+)$/.exec(lines[index - 1] ?? '')?.[1] ?? []) : [],
  );
  return [...new Set(found)].filter((address) => !address.startsWith('127.'));
}
