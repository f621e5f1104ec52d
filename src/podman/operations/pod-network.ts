import { defined } from '../../base/defined.ts';
import type { DesiredSandbox, HostPort } from '../../kube/spec/desired.ts';
import type { DnsSettings } from '../../kube/spec/dns.ts';
import { askNetworkGateway } from '../client/queries.ts';
import type { PodmanCapabilities } from '../inspect/version.ts';
import { setting, type Setting } from './setting.ts';

/** The network that a pod joins. */
export interface JoinedNetwork {
  readonly name: string;
  /** The names of the pod on the network, besides its own. */
  readonly aliases: readonly string[];
  /** The pod asks the DNS server of the network. */
  readonly asksDns: boolean;
}

/** The settings of a pod for its network, its ports and its names. */
export function networkSettings(
  sandbox: DesiredSandbox,
  dns: DnsSettings,
  network: JoinedNetwork | undefined,
  capabilities: PodmanCapabilities,
): readonly Setting[] {
  if (sandbox.hostNetwork) return [setting(['--network', 'host'], { netns: { nsmode: 'host' } })];
  const { hostname, hostPorts } = sandbox;
  return [
    ...(network === undefined ? [] : [joinSetting(network)]),
    ...(hostname === undefined ? [] : [setting(['--hostname', hostname], { hostname })]),
    // As on a cluster, the pod does not get the entries of the machine.
    ...(capabilities.hostsFile ? [setting(['--hosts-file', 'none'], { hostsFile: 'none' })] : []),
    ...publishSettings(hostPorts),
    ...(network?.asksDns === true && !capabilities.networkDnsForwards
      ? [gatewaySetting(network), ...nameSettings(sandbox, behindNetworkDns(dns))]
      : nameSettings(sandbox, dns)),
  ];
}

/** The ports of the machine that lead to ports of a pod. */
export function publishSettings(ports: readonly PublishedPort[]): readonly Setting[] {
  return ports.map((port) => setting(['--publish', publish(port)], { portmappings: [portMapping(port)] }));
}

type PublishedPort = Omit<HostPort, 'container' | 'portName'>;

function joinSetting({ name, aliases }: JoinedNetwork): Setting {
  const options = aliases.map((alias) => `alias=${alias}`).join(',');
  return setting(['--network', options === '' ? name : `${name}:${options}`], {
    netns: { nsmode: 'bridge' },
    networks: { [name]: { aliases } },
  });
}

/** The DNS server of the network as the first name server. Without the flag, podman lets those of the machine follow it. */
function gatewaySetting({ name }: JoinedNetwork): Setting {
  const gateway = { before: '', ask: askNetworkGateway(name), after: '' };
  return { flags: ['--dns', gateway], body: (valueOf) => ({ dns_server: [valueOf(gateway)] }) };
}

/** The name servers of the machine are asked by the DNS server of the network. */
function behindNetworkDns({ nameservers: _, ownNameservers, ...dns }: DnsSettings): DnsSettings {
  return { ...dns, ...defined({ nameservers: ownNameservers }) };
}

/** The settings for the contents of /etc/hosts and /etc/resolv.conf. */
export function nameSettings({ hostAliases }: DesiredSandbox, dns: DnsSettings): readonly Setting[] {
  return [
    ...hostAliases.flatMap(({ ip, hostnames }) =>
      hostnames.map((hostname) => {
        const entry = `${hostname}:${ip}`;
        return setting(['--add-host', entry], { hostadd: [entry] });
      }),
    ),
    ...dnsSettings(dns),
  ];
}

/** Without a flag, podman uses the machine's settings. A dot means no search domains, an empty text no options. */
function dnsSettings({ nameservers = [], searches, options }: DnsSettings): readonly Setting[] {
  return [
    ...nameservers.map((address) => setting(['--dns', address], { dns_server: [address] })),
    ...orNone(searches, '.').map((domain) => setting(['--dns-search', domain], { dns_search: [domain] })),
    ...orNone(options, '').map((option) =>
      setting(['--dns-option', option], { dns_option: option === '' ? [] : [option] }),
    ),
  ];
}

function orNone(list: readonly string[] | undefined, none: string): readonly string[] {
  return list?.length === 0 ? [none] : (list ?? []);
}

function publish(port: PublishedPort): string {
  const address = port.hostIP.includes(':') ? `[${port.hostIP}]` : port.hostIP;
  const ports = `${port.hostPort}:${port.containerPort}`;
  return `${address}:${ports}/${port.protocol.toLowerCase()}`;
}

/** PortMapping in common/libnetwork/types/network.go. */
function portMapping({ hostIP, hostPort, containerPort, protocol }: PublishedPort) {
  return {
    host_ip: hostIP,
    host_port: hostPort,
    container_port: containerPort,
    protocol: protocol.toLowerCase(),
    range: 1,
  };
}
