import type { Network } from '../network.ts';
import type { Dial } from './dial.ts';

/**
 * What probes and hooks do over connections. Its code is loaded at the first one.
 * @param dial by default, the connections are those of this process
 */
export function lazyNetwork(dial?: Dial): Network {
  const loaded = async (): Promise<Network> => {
    const { networkOver, nodeNetwork } = await import('./network.ts');
    return dial === undefined ? nodeNetwork : networkOver(dial);
  };
  return {
    connect: async (address, limit) => (await loaded()).connect(address, limit),
    get: async (request, limit) => (await loaded()).get(request, limit),
    callGrpc: async (request, limit) => (await loaded()).callGrpc(request, limit),
  };
}
