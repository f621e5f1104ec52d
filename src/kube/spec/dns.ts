import { POD_DEFAULTS } from './defaults.ts';
import type { DesiredPod, DnsConfig } from './desired.ts';
import { MAX_NAMESERVERS, MAX_SEARCHES, MAX_SEARCHES_LENGTH } from './dns-limits.ts';
import { CLUSTER_DOMAIN } from './host-name.ts';

/** The settings of /etc/resolv.conf that a pod overrides; podman writes the others. */
export interface DnsSettings extends Partial<DnsConfig> {
  /** Those of `nameservers` that are the pod's own: they are asked after the DNS server of its network. */
  readonly ownNameservers?: readonly string[];
}

/** What the DNS settings of a pod are added to. */
export interface DnsBase {
  /** The settings of this machine. */
  readonly machine?: DnsConfig;
  /** podman's settings for a pod with a network of its own; required if `buildsOnPodDns`. */
  readonly ofPod?: DnsConfig;
  /** Whether the pod is on a network whose DNS server resolves the names of its pods. */
  readonly resolvesNames: boolean;
}

type Sandbox = Pick<DesiredPod, 'sandbox'>;

/**
 * Whether the settings of a pod extend those of podman for a pod, which then have to be known.
 * @param resolvesNames as in `DnsBase`
 */
export function buildsOnPodDns({ sandbox }: Sandbox, resolvesNames: boolean): boolean {
  const { nameservers, searches, options } = sandbox.dnsConfig;
  if (sandbox.hostNetwork || sandbox.dnsPolicy === 'None') return false;
  return nameservers.length + (resolvesNames ? 0 : searches.length + options.length) > 0;
}

/**
 * The DNS settings of a pod: those of its policy, followed by its own. Own options override those of the same name, and
 * all are cut to the limits of a resolver (GetPodDNS, appendDNSConfig and formDNS...FitsLimits in
 * pkg/kubelet/network/dns/dns.go).
 */
export function dnsSettings(pod: Sandbox, base: DnsBase): DnsSettings {
  const { dnsConfig, dnsPolicy, hostNetwork } = pod.sandbox;
  if (dnsPolicy === 'None') return fitLimits(dnsConfig);
  const { machine = NO_DNS, ofPod = NO_DNS } = base;
  const ofNetwork = hostNetwork || !base.resolvesNames ? undefined : networkDns(pod, machine);
  const inherited = hostNetwork ? machine : { ...ofPod, ...ofNetwork };
  const { nameservers, searches, options } = fitLimits(merge(inherited, dnsConfig));
  const isAlways = ofNetwork !== undefined;
  return {
    ...(dnsConfig.nameservers.length === 0
      ? {}
      : { nameservers, ownNameservers: nameservers.filter((one) => dnsConfig.nameservers.includes(one)) }),
    ...(isAlways || dnsConfig.searches.length > 0 ? { searches } : {}),
    ...(isAlways || dnsConfig.options.length > 0 ? { options } : {}),
  };
}

/** The settings on a network with a DNS server. Those of the machine would have no domain of a cluster. */
function networkDns(
  { sandbox: { dnsPolicy, namespace = POD_DEFAULTS.namespace } }: Sandbox,
  { searches, options }: DnsConfig,
): Omit<DnsConfig, 'nameservers'> {
  if (dnsPolicy !== 'ClusterFirst') return { searches, options };
  const ofCluster = [`${namespace}.svc`, 'svc'].map((domain) => `${domain}.${CLUSTER_DOMAIN}`);
  return { searches: [...ofCluster, CLUSTER_DOMAIN, ...searches], options: ['ndots:5'] };
}

/** The name servers and search domains of a pod beyond the limits of a resolver. */
export function droppedDns(pod: Sandbox, base: DnsBase): readonly string[] {
  const { nameservers = [], searches = [] } = dnsSettings(pod, base);
  const { dnsConfig } = pod.sandbox;
  return [
    ...dnsConfig.nameservers.filter((address) => !nameservers.includes(address)),
    ...dnsConfig.searches.filter((domain) => !searches.includes(domain)),
  ];
}

const NO_DNS: DnsConfig = { nameservers: [], searches: [], options: [] };

function merge(base: DnsConfig, own: DnsConfig): DnsConfig {
  const overridden = new Set(own.options.map(optionName));
  return {
    nameservers: [...base.nameservers, ...own.nameservers],
    searches: [...base.searches, ...own.searches],
    options: [...base.options.filter((option) => !overridden.has(optionName(option))), ...own.options],
  };
}

/** `ndots` of `ndots:2`. */
function optionName(option: string): string {
  return option.split(':', 1)[0] ?? '';
}

function fitLimits({ nameservers, searches, options }: DnsConfig): DnsConfig {
  const domains = unique(searches).slice(0, MAX_SEARCHES);
  while (domains.join(' ').length > MAX_SEARCHES_LENGTH) domains.pop();
  return {
    nameservers: unique(nameservers).slice(0, MAX_NAMESERVERS),
    searches: domains,
    options: lastOfEachName(options),
  };
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

function lastOfEachName(options: readonly string[]): readonly string[] {
  return [...new Map(options.map((option) => [optionName(option), option])).values()];
}

/** Parses a resolv.conf. The last `search` line takes precedence (resolv.conf(5)). */
export function parseResolvConf(text: string): DnsConfig {
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/));
  const of = (keyword: string) => lines.filter(([first]) => first === keyword).map(([, ...rest]) => rest);
  return {
    nameservers: of('nameserver').flatMap(([address]) => (address === undefined ? [] : [address])),
    searches: of('search').at(-1) ?? [],
    options: of('options').flat(),
  };
}
