import type { Duplex } from 'node:stream';
import type { NetworkAddress } from '../network.ts';

/** Opens a connection. Its stream has the events `connect` and `error` of a socket. */
export type Dial = (address: NetworkAddress) => Duplex;
