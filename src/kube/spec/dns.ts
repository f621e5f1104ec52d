import type { DesiredPod, DnsConfig } from './desired.ts';
import { MOST_NAMESERVERS, MOST_SEARCHES, LONGEST_SEARCHES } from './dns-limits.ts';

/** The part of /etc/resolv.conf that a pod has a say in; the rest stays as podman makes it. */
export type DnsSettings = Partial<DnsConfig>;

/** Whether what a pod gets depends on what it would have without its dnsConfig. */
export function buildsOnDefaultDns({ sandbox }: Pick<DesiredPod, 'sandbox'>): boolean {
  const { nameservers, searches, options } = sandbox.dnsConfig;
  return sandbox.dnsPolicy === 'Default' && nameservers.length + searches.length + options.length > 0;
}

/**
 * What a pod finds in /etc/resolv.conf. Its own name servers and search domains come after those that it
 * would have without them; an option of its own takes the place of one of that name; more than a resolver
 * reads is cut off. As in appendDNSConfig and formDNS...FitsLimits of pkg/kubelet/network/dns/dns.go.
 * @param byDefault what it would have; needed where `buildsOnDefaultDns`
 */
export function dnsSettings({ sandbox }: Pick<DesiredPod, 'sandbox'>, byDefault?: DnsConfig): DnsSettings {
  const { dnsConfig, dnsPolicy } = sandbox;
  if (dnsPolicy === 'None') return fitLimits(dnsConfig);
  const { nameservers, searches, options } = fitLimits(merge(byDefault ?? NO_DNS, dnsConfig));
  return {
    ...(dnsConfig.nameservers.length === 0 ? {} : { nameservers }),
    ...(dnsConfig.searches.length === 0 ? {} : { searches }),
    ...(dnsConfig.options.length === 0 ? {} : { options }),
  };
}

/** The name servers and search domains of a pod's own that are cut off. */
export function cutOffDns(pod: Pick<DesiredPod, 'sandbox'>, byDefault?: DnsConfig): readonly string[] {
  const { nameservers = [], searches = [] } = dnsSettings(pod, byDefault);
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
  const domains = unique(searches).slice(0, MOST_SEARCHES);
  while (domains.join(' ').length > LONGEST_SEARCHES) domains.pop();
  return {
    nameservers: unique(nameservers).slice(0, MOST_NAMESERVERS),
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

/** Reads a resolv.conf; of several lines with search domains the last one counts (resolv.conf(5)). */
export function parseResolvConf(text: string): DnsConfig {
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/));
  const of = (keyword: string) => lines.filter(([first]) => first === keyword).map(([, ...rest]) => rest);
  return {
    nameservers: of('nameserver').flatMap(([address]) => (address === undefined ? [] : [address])),
    searches: of('search').at(-1) ?? [],
    options: of('options').flat(),
  };
}
