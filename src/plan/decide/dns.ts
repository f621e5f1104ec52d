import type { Diagnostic } from '../../base/diagnostic.ts';
import type { DesiredPod } from '../../kube/spec/desired.ts';
import { cutOffDns, dnsSettings, type DnsSettings } from '../../kube/spec/dns.ts';
import type { SourcedPod } from '../../kube/pod-set.ts';
import type { ObservedState } from '../../podman/inspect/observed.ts';

/** What podman is told of a pod's DNS. */
export function dnsOf(pod: DesiredPod, observed: Pick<ObservedState, 'defaultDns'>): DnsSettings {
  return dnsSettings(pod, defaultOf(pod, observed));
}

/** Says which name servers and search domains the pod will not have, where there are more than a resolver reads. */
export function dnsWarnings(
  { pod, locate }: SourcedPod,
  observed: Pick<ObservedState, 'defaultDns'>,
): readonly Diagnostic[] {
  const byDefault = defaultOf(pod, observed);
  const cutOff = byDefault === undefined ? [] : cutOffDns(pod, byDefault);
  if (cutOff.length === 0) return [];
  return [
    {
      code: 'dns-limits-exceeded',
      severity: 'warning',
      message: `with those of the machine there are more than a resolver reads, and left out: ${cutOff.join(', ')}`,
      path: 'spec.dnsConfig',
      location: locate(['spec', 'dnsConfig']),
      help: "With 'dnsPolicy: None' the pod has only those of its dnsConfig.",
    },
  ];
}

function defaultOf({ sandbox }: DesiredPod, { defaultDns }: Pick<ObservedState, 'defaultDns'>) {
  return sandbox.hostNetwork ? defaultDns?.ofHost : defaultDns?.ofPod;
}
