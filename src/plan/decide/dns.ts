import { defined } from '../../base/defined.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { DesiredPod } from '../../kube/spec/desired.ts';
import { droppedDns, dnsSettings, type DnsBase, type DnsSettings } from '../../kube/spec/dns.ts';
import type { SourcedPod } from '../../kube/pod-set.ts';
import type { ObservedState } from '../../podman/inspect/observed.ts';

type KnownDns = Pick<ObservedState, 'machineDns' | 'podDns'>;

/**
 * DNS settings of a pod.
 * @param resolvesNames whether it is on a network with a DNS server
 */
export function dnsOf(pod: DesiredPod, observed: KnownDns, resolvesNames: boolean): DnsSettings {
  return dnsSettings(pod, baseOf(observed, resolvesNames));
}

/** Warns of name servers and search domains beyond the limits of the resolver. */
export function dnsWarnings(
  { pod, locate }: SourcedPod,
  observed: KnownDns,
  resolvesNames: boolean,
): readonly Diagnostic[] {
  const cutOff = droppedDns(pod, baseOf(observed, resolvesNames));
  if (cutOff.length === 0) return [];
  return [
    {
      code: 'dns-limits-exceeded',
      severity: 'warning',
      message: `together with those of this machine, more than a resolver supports; ignored: ${cutOff.join(', ')}`,
      path: 'spec.dnsConfig',
      location: locate(['spec', 'dnsConfig']),
      help: "Use 'dnsPolicy: None' to use only those of dnsConfig.",
    },
  ];
}

function baseOf({ machineDns, podDns }: KnownDns, resolvesNames: boolean): DnsBase {
  return { resolvesNames, ...defined({ machine: machineDns, ofPod: podDns }) };
}
