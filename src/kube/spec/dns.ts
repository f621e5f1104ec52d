import type { DesiredPod, DnsConfig } from './desired.ts';
import { MAX_NAMESERVERS, MAX_SEARCHES, MAX_SEARCHES_LENGTH } from './dns-limits.ts';

/** The settings of /etc/resolv.conf that a pod overrides; podman writes the others. */
export type DnsSettings = Partial<DnsConfig>;

/** Whether the settings of a pod extend the default DNS settings, which then have to be known. */
export function buildsOnDefaultDns({ sandbox }: Pick<DesiredPod, 'sandbox'>): boolean {
  const { nameservers, searches, options } = sandbox.dnsConfig;
  return sandbox.dnsPolicy === 'Default' && nameservers.length + searches.length + options.length > 0;
}

/**
 * The DNS settings of a pod. Its own name servers and search domains are appended to the defaults, its options
 * override defaults of the same name, and all are cut to the limits of a resolver (appendDNSConfig and
 * formDNS...FitsLimits in pkg/kubelet/network/dns/dns.go).
 * @param defaults the default DNS settings; required if `buildsOnDefaultDns`
 */
export function dnsSettings({ sandbox }: Pick<DesiredPod, 'sandbox'>, defaults?: DnsConfig): DnsSettings {
  const { dnsConfig, dnsPolicy } = sandbox;
  if (dnsPolicy === 'None') return fitLimits(dnsConfig);
  const { nameservers, searches, options } = fitLimits(merge(defaults ?? NO_DNS, dnsConfig));
  return {
    ...(dnsConfig.nameservers.length === 0 ? {} : { nameservers }),
    ...(dnsConfig.searches.length === 0 ? {} : { searches }),
    ...(dnsConfig.options.length === 0 ? {} : { options }),
  };
}

/** The name servers and search domains of a pod beyond the limits of a resolver. */
export function droppedDns(pod: Pick<DesiredPod, 'sandbox'>, defaults?: DnsConfig): readonly string[] {
  const { nameservers = [], searches = [] } = dnsSettings(pod, defaults);
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
