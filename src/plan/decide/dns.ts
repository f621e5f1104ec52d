import type { Diagnostic } from '../../base/diagnostic.ts';
import type { DesiredPod } from '../../kube/spec/desired.ts';
import { droppedDns, dnsSettings, type DnsSettings } from '../../kube/spec/dns.ts';
import type { SourcedPod } from '../../kube/pod-set.ts';
import type { ObservedState } from '../../podman/inspect/observed.ts';

/** DNS settings of a pod. */
export function dnsOf(pod: DesiredPod, observed: Pick<ObservedState, 'defaultDns'>): DnsSettings {
  return dnsSettings(pod, defaultOf(pod, observed));
}

/** Warns of name servers and search domains beyond the limits of the resolver. */
export function dnsWarnings(
  { pod, locate }: SourcedPod,
  observed: Pick<ObservedState, 'defaultDns'>,
): readonly Diagnostic[] {
  const byDefault = defaultOf(pod, observed);
  const cutOff = byDefault === undefined ? [] : droppedDns(pod, byDefault);
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

function defaultOf({ sandbox }: DesiredPod, { defaultDns }: Pick<ObservedState, 'defaultDns'>) {
  return sandbox.hostNetwork ? defaultDns?.ofHost : defaultDns?.ofPod;
}
