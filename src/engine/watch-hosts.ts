import type { EnginePlatform } from './engine.ts';
import { lookUpHosts } from './look-up-hosts.ts';

/** Keeps the addresses of hosts, which may change at any time. */
export interface HostWatch {
  /** Looks hosts up again that were not looked up for some time. Does not wait. */
  readonly follow: (hosts: readonly string[]) => void;
  /** The last addresses that were found; undefined before there are any. */
  readonly addressesOf: (host: string) => readonly string[] | undefined;
}

export interface HostWatchContext {
  readonly platform: Pick<EnginePlatform, 'lookUpHost' | 'files' | 'clock'>;
  readonly stop: AbortSignal;
  /** Called after addresses have changed. */
  readonly onChange: () => void;
}

const AGAIN_AFTER_MILLISECONDS = 10_000;

export function watchHosts({ platform, stop, onChange }: HostWatchContext): HostWatch {
  const addresses = new Map<string, readonly string[]>();
  const dueAt = new Map<string, number>();
  const lookUp = async (host: string) => {
    dueAt.set(host, Infinity);
    const found = (await lookUpHosts(platform, [host])).get(host) ?? [];
    dueAt.set(host, platform.clock.now() + AGAIN_AFTER_MILLISECONDS);
    // Connections of a host that cannot be looked up for a while go where they went.
    if (found.length === 0 || found.join() === addresses.get(host)?.join()) return;
    addresses.set(host, found);
    if (!stop.aborted) onChange();
  };
  return {
    follow: (hosts) => {
      for (const host of hosts)
        if ((dueAt.get(host) ?? 0) <= platform.clock.now() && !stop.aborted) void lookUp(host);
    },
    addressesOf: (host) => addresses.get(host),
  };
}
