import { askNetworkInterface } from '../client/queries.ts';
import { podmanWith, type Argument, type Command } from './argument.ts';
import type { Definitions } from './definition.ts';
import { labelFlags, networkLabels } from './labels.ts';
import { macAddress } from './mac-address.ts';
import { createNetworkChange, removeNetworkChange } from './requests/network.ts';
import { withRequests } from './requests/requests.ts';
import { networkSubject } from './subjects.ts';

export type NetworkOperation = CreateNetwork | RemoveNetwork | FixBridgeAddress | RemoveNames;

/** The bridge network of a project, which its pods join. podman chooses the subnet. */
export interface CreateNetwork {
  readonly kind: 'create-network';
  readonly project: string;
  readonly network: string;
  /** The DNS server of a network cannot start on this machine: names of other pods do not resolve. */
  readonly isWithoutDns?: true;
}

export interface RemoveNetwork {
  readonly kind: 'remove-network';
  readonly network: string;
}

/**
 * Gives the bridge of a network an address that it keeps as long as a pod runs on it. The first pod must run: without
 * one there is no bridge.
 */
export interface FixBridgeAddress {
  readonly kind: 'fix-bridge-address';
  readonly network: string;
}

/**
 * Removes the names of containers that do not run from the DNS server of a network: netavark keeps a file for each network,
 * with a line for each container, and the server reads all files again at SIGHUP. It ends by itself without a file.
 */
export interface RemoveNames {
  readonly kind: 'remove-names';
  readonly network: string;
  /** podman's IDs of the containers. */
  readonly containers: readonly string[];
}

export const NETWORK_OPERATIONS: Definitions<NetworkOperation> = {
  'create-network': {
    command: ({ project, network, isWithoutDns = false }, capabilities) => {
      const labels = networkLabels(project);
      const args = [
        ...['network', 'create', ...(isWithoutDns ? ['--disable-dns'] : [])],
        ...[...labelFlags(labels), network],
      ];
      const settings = { labels, dns_enabled: !isWithoutDns };
      return withRequests(podmanWith(args), capabilities, () => [
        [createNetworkChange(network, settings, args)],
      ]);
    },
    describe: ({ network }) => `create ${networkSubject(network)}`,
    words: ({ network }) => ({
      subject: networkSubject(network),
      group: 'Network',
      doing: 'creating',
      done: 'created',
      result: 'made',
    }),
    target: () => ({}),
  },
  'remove-network': {
    command: ({ network }, capabilities) =>
      withRequests(podmanWith(['network', 'rm', network]), capabilities, () => [
        [removeNetworkChange(network)],
      ]),
    describe: ({ network }) => `remove ${networkSubject(network)}`,
    words: ({ network }) => ({
      subject: networkSubject(network),
      group: 'Network',
      doing: 'removing',
      done: 'removed',
      result: 'removed',
    }),
    target: () => ({}),
  },
  'fix-bridge-address': {
    command: fixBridgeAddressCommand,
    describe: ({ network }) => `set the address of the bridge of ${networkSubject(network)}`,
    words: ({ network }) => ({
      subject: networkSubject(network),
      group: 'Network',
      doing: 'setting the address of the bridge',
      done: 'address of the bridge set',
      isInternal: true,
    }),
    target: () => ({}),
  },
  'remove-names': {
    command: removeNamesCommand,
    describe: ({ network }) => `remove names from ${networkSubject(network)}`,
    words: ({ network }) => ({
      subject: networkSubject(network),
      group: 'Network',
      doing: 'removing names',
      done: 'names removed',
      isInternal: true,
    }),
    target: () => ({}),
  },
};

/** Without iproute2 the bridge is left as it is: pods work, but may lose the gateway for a while. */
const SET_ADDRESS =
  'PATH=$PATH:/usr/sbin:/sbin; command -v ip >/dev/null || exit 0; exec ip link set dev "$0" address "$1"';

function fixBridgeAddressCommand({ network }: FixBridgeAddress): Command {
  const bridge: Argument = { before: '', ask: askNetworkInterface(network), after: '' };
  return podmanWith([
    ...['unshare', '--rootless-netns', 'sh', '-c', SET_ADDRESS],
    bridge,
    macAddress(network),
  ]);
}

function removeNamesCommand({ network, containers }: RemoveNames): Command {
  const runRoot: Argument = {
    before: '',
    ask: { args: ['info', '--format', '{{.Store.RunRoot}}'] },
    after: '',
  };
  return podmanWith(['unshare', 'sh', '-c', REMOVE_NAMES, 'sh', runRoot, network, ...containers]);
}

/** Under the lock of netavark, which changes the files as well. */
const REMOVE_NAMES = `cd "$1/networks/aardvark-dns" 2>/dev/null && [ -f "$2" ] || exit 0
exec 9>>../aardvark.lock
flock 9
file=$2
shift 2
for id; do sed -i "/^$id /d" "$file"; done
[ "$(grep -c . "$file")" -gt 1 ] || rm "$file"
kill -HUP "$(cat aardvark.pid)" 2>/dev/null || true`;
