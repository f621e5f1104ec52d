import { formatPath, type FieldPath } from '../../../base/path.ts';
import type { Incomplete } from '../../../manifest/checked-document.ts';
import type { WindowsSecurityContextOptions } from '../../../manifest/schema/generated/kubernetes.ts';
import { containersOf, type PodObject } from '../../spec/pod-object.ts';
import type { Finding } from '../finding.ts';
import { checkName, dnsSubdomain } from '../names.ts';

type Options = Incomplete<WindowsSecurityContextOptions>;

/** Bytes of a credential specification (maxGMSACredentialSpecLength). */
const MAX_CREDENTIAL_BYTES = 64 * 1024;

/** Windows options (validateWindowsSecurityContextOptions in pkg/apis/core/validation), also of pods that never run here. */
export function* checkWindowsOptions(pod: PodObject): Iterable<Finding> {
  const contexts = [
    { path: ['spec'], value: pod.value.spec?.securityContext },
    ...containersOf(pod).map(({ path, value }) => ({ path, value: value.securityContext })),
  ];
  for (const { path, value } of contexts)
    if (value?.windowsOptions !== undefined)
      yield* checkOptions(value.windowsOptions, [...path, 'securityContext', 'windowsOptions']);
}

function* checkOptions(
  { gmsaCredentialSpecName, gmsaCredentialSpec, runAsUserName }: Options,
  path: FieldPath,
): Iterable<Finding> {
  if (gmsaCredentialSpecName !== undefined)
    yield* checkName(dnsSubdomain, gmsaCredentialSpecName, [...path, 'gmsaCredentialSpecName']);
  const bytes = Buffer.byteLength(gmsaCredentialSpec ?? '');
  if (gmsaCredentialSpec === '')
    yield { code: 'missing-field', path: [...path, 'gmsaCredentialSpec'], message: 'must not be empty' };
  else if (bytes > MAX_CREDENTIAL_BYTES)
    yield {
      code: 'too-large',
      path: [...path, 'gmsaCredentialSpec'],
      message: `must have at most ${MAX_CREDENTIAL_BYTES} bytes, got ${bytes}`,
    };
  const message = runAsUserName === undefined ? undefined : userNameProblem(runAsUserName);
  if (message !== undefined) yield { code: 'invalid-name', path: [...path, 'runAsUserName'], message };
}

/** Bytes. */
const MAX_DOMAIN = 255;
const MAX_USER = 104;
const NETBIOS_DOMAIN = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/u;
const DNS_DOMAIN =
  /^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/;

/** `USER` or `DOMAIN\USER`. */
function userNameProblem(name: string): string | undefined {
  if (name === '') return 'must not be empty';
  if (/[\x00-\x1F\x7F]/.test(name)) return 'must not contain control characters';
  const [first = '', second, ...others] = name.split('\\');
  if (others.length > 0) return String.raw`must not contain more than one '\'`;
  return second === undefined ? userProblem(first) : (domainProblem(first) ?? userProblem(second));
}

function domainProblem(domain: string): string | undefined {
  if (Buffer.byteLength(domain) > MAX_DOMAIN) return `the domain must have at most ${MAX_DOMAIN} bytes`;
  return NETBIOS_DOMAIN.test(domain) || DNS_DOMAIN.test(domain)
    ? undefined
    : `'${domain}' is not a valid domain: neither a NetBIOS nor a DNS name`;
}

function userProblem(user: string): string | undefined {
  if (user === '') return 'the user must not be empty';
  if (Buffer.byteLength(user) > MAX_USER) return `the user must have at most ${MAX_USER} bytes`;
  if (/^[. ]+$/.test(user)) return 'the user must not only contain dots and blanks';
  return /["/\\:;|=,+*?<>@[\]]/.test(user)
    ? String.raw`the user must not contain any of " / \ : ; | = , + * ? < > @ [ ]`
    : undefined;
}

/** All containers of a pod are HostProcess containers, or none (validateWindowsHostProcessPod). */
export function* checkHostProcess(pod: PodObject): Iterable<Finding> {
  const { securityContext, hostNetwork } = pod.value.spec ?? {};
  const ofPod = securityContext?.windowsOptions?.hostProcess;
  const containers = containersOf(pod).map(({ path, value }) => ({
    container: formatPath(path),
    path: [...path, 'securityContext', 'windowsOptions', 'hostProcess'],
    own: value.securityContext?.windowsOptions?.hostProcess,
  }));
  const first = containers.find(({ own }) => (own ?? ofPod) === true);
  for (const { path, own } of containers)
    if (ofPod !== undefined && own !== undefined && own !== ofPod)
      yield {
        code: 'wrong-value',
        path,
        message: `must be ${String(ofPod)} as in the securityContext of the pod, or omitted`,
      };
    else if (first !== undefined && (own ?? ofPod) !== true)
      yield {
        code: 'wrong-value',
        path,
        message: `must be true as for ${first.container}: HostProcess containers share no pod with others`,
      };
  if (first !== undefined && hostNetwork !== true)
    yield {
      code: 'wrong-value',
      path: ['spec', 'hostNetwork'],
      message: `must be true with HostProcess containers, such as ${first.container}`,
    };
}
