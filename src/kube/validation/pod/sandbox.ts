import { POD_DEFAULTS } from '../../spec/defaults.ts';
import { replaceAt } from '../../../base/edit.ts';
import { checkNameWithReferences } from '../../fix/pod-names.ts';
import type { Finding } from '../finding.ts';
import { hostNames, MAX_HOSTNAME_LENGTH } from '../../spec/host-name.ts';
import { checkIPAddress } from '../network/addresses.ts';
import { checkName, dnsLabel, dnsSubdomain, nameProblem } from '../names.ts';
import type { PodObject } from '../../spec/pod-object.ts';

/** The name of a pod is its host name (WarningsOnCreate in pkg/registry/core/pod/strategy.go). */
export function* checkNameAsHostname({ value: { metadata } }: PodObject): Iterable<Finding> {
  const { name = '' } = metadata ?? {};
  if (nameProblem(dnsSubdomain, name) !== undefined || nameProblem(dnsLabel, name) === undefined) return;
  yield {
    code: 'pod-name-form',
    severity: 'warning',
    path: ['metadata', 'name'],
    message: `is also the host name, which should have no dots and at most ${dnsLabel.longest} characters`,
  };
}

export function* checkHostname(pod: PodObject): Iterable<Finding> {
  const { hostname = '', subdomain = '' } = pod.value.spec ?? {};
  if (hostname !== '')
    for (const finding of checkNameWithReferences(
      pod,
      dnsLabel,
      { name: hostname, path: HOSTNAME },
      noNames,
      [],
    ))
      yield { ...finding, ...fullName(pod, hostname) };
  if (subdomain !== '') yield* checkName(dnsLabel, subdomain, ['spec', 'subdomain']);
  yield* checkHostnameOverride(pod);
  yield* checkFullHostname(pod);
}

const HOSTNAME = ['spec', 'hostname'];

const noNames = (): readonly never[] => [];

/** A full name is for another field. */
function fullName(pod: PodObject, hostname: string): Pick<Finding, 'help' | 'edits'> {
  const isFull =
    hostname.includes('.') &&
    hostname.length <= MAX_HOSTNAME_LENGTH &&
    nameProblem(dnsSubdomain, hostname) === undefined;
  if (!isFull) return {};
  const {
    hostNetwork = false,
    hostnameOverride,
    setHostnameAsFQDN = false,
    subdomain = '',
  } = pod.value.spec ?? {};
  if (hostNetwork) return { edits: [] };
  const isAllowed = hostnameOverride === undefined && !setHostnameAsFQDN && subdomain === '';
  return {
    help: `For a name with dots, write 'hostnameOverride: ${hostname}' instead.`,
    edits: isAllowed
      ? [{ ...replaceAt(pod.locateKey(HOSTNAME), 'hostnameOverride'), keepsQuotes: true }]
      : [],
  };
}

/** validateHostnameOverride and its neighbours in pkg/apis/core/validation. */
function* checkHostnameOverride(pod: PodObject): Iterable<Finding> {
  const { hostnameOverride, hostNetwork, setHostnameAsFQDN } = pod.value.spec ?? {};
  if (hostnameOverride === undefined) return;
  const path = ['spec', 'hostnameOverride'];
  yield* checkName({ ...dnsSubdomain, longest: MAX_HOSTNAME_LENGTH }, hostnameOverride, path);
  if (hostNetwork === true)
    yield {
      code: 'hostname-conflict',
      path,
      message: "must not be set with 'hostNetwork: true', which uses the host name of the machine",
    };
  if (setHostnameAsFQDN === true)
    yield {
      code: 'hostname-conflict',
      path: ['spec', 'setHostnameAsFQDN'],
      message: 'must not be true if hostnameOverride is set',
    };
}

/** The kubelet does not start such a pod (GeneratePodHostNameAndDomain in pkg/kubelet/kubelet_pods.go). */
function* checkFullHostname(pod: PodObject): Iterable<Finding> {
  const { metadata, spec = {} } = pod.value;
  const { name, namespace = POD_DEFAULTS.namespace } = metadata ?? {};
  if (name === undefined || spec.setHostnameAsFQDN !== true || spec.hostNetwork === true) return;
  const { fqdn = '' } = hostNames(name, namespace, spec);
  if (fqdn.length > MAX_HOSTNAME_LENGTH)
    yield {
      code: 'hostname-too-long',
      path: ['spec', 'setHostnameAsFQDN'],
      message: `the FQDN '${fqdn}' has ${fqdn.length} characters, more than the limit of ${MAX_HOSTNAME_LENGTH} for a host name`,
      help: 'Use a shorter hostname, subdomain or namespace.',
    };
}

/** https://kubernetes.io/docs/tasks/network/customize-hosts-file-for-pods/ */
export function* checkHostAliases(pod: PodObject): Iterable<Finding> {
  const firsts = new Map<string, number>();
  for (const [index, { ip, hostnames = [] }] of (pod.value.spec?.hostAliases ?? []).entries()) {
    const path = ['spec', 'hostAliases', index];
    if (ip !== undefined) {
      yield* checkIPAddress(ip, [...path, 'ip']);
      const first = firsts.get(ip);
      if (first === undefined) firsts.set(ip, index);
      // As in pkg/api/pod/warnings.go.
      else
        yield {
          code: 'duplicate-alias',
          severity: 'warning',
          path: [...path, 'ip'],
          message: `'${ip}' is already the address of spec.hostAliases[${first}]`,
          help: 'Put the host names into one item: an update by kubectl may drop one of two.',
        };
    }
    for (const [at, hostname] of hostnames.entries())
      yield* checkName(dnsSubdomain, hostname, [...path, 'hostnames', at]);
  }
}

/** The warning of an API server (warningsForPodSpecAndMeta in pkg/api/pod/warnings.go). */
export function* checkGracePeriod(pod: PodObject): Iterable<Finding> {
  const { terminationGracePeriodSeconds: seconds } = pod.value.spec ?? {};
  if (seconds !== undefined && seconds < 0)
    yield {
      code: 'grace-period-range',
      severity: 'warning',
      path: ['spec', 'terminationGracePeriodSeconds'],
      message: `must be at least 0, got ${seconds}: 1 is used, as on a cluster`,
    };
}

/** validateHostUsers and its neighbours in pkg/apis/core/validation. */
export function* checkProcessNamespaces(pod: PodObject): Iterable<Finding> {
  const { hostPID = false, shareProcessNamespace = false } = pod.value.spec ?? {};
  if (hostPID && shareProcessNamespace)
    yield {
      code: 'process-namespace-conflict',
      path: ['spec', 'shareProcessNamespace'],
      message: "must not be true with 'hostPID: true'",
      help: 'hostPID already shares the processes of all containers.',
    };
}

/**
 * Every node has this label. https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-os
 */
export function* checkOperatingSystem({ value: { spec } }: PodObject): Iterable<Finding> {
  const message = 'not supported: Windows containers need a Windows node';
  if (spec?.os?.name === 'windows') yield { code: 'not-supported', path: ['spec', 'os', 'name'], message };
  else if (spec?.nodeSelector?.['kubernetes.io/os'] === 'windows')
    yield { code: 'not-supported', path: ['spec', 'nodeSelector', 'kubernetes.io/os'], message };
}
