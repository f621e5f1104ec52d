import { defined } from '../../base/defined.ts';
import { failure, success, type Result } from '../../base/result.ts';
import type { DesiredPod, DnsConfig } from '../../kube/spec/desired.ts';
import { buildsOnDefaultDns, parseResolvConf } from '../../kube/spec/dns.ts';
import { explainPodmanFailure } from '../errors.ts';
import type { DefaultDns } from './observed.ts';
import { succeeded } from '../../platform/process.ts';
import type { PodmanClient } from '../client/client.ts';

/**
 * Queries podman's default DNS settings, if a pod adds to them. podman's shared network namespace for bridge networks
 * has the same resolv.conf as a pod.
 */
export async function askDefaultDns(
  podman: PodmanClient,
  pods: readonly DesiredPod[],
): Promise<Result<DefaultDns>> {
  const building = pods.filter(buildsOnDefaultDns);
  const ofPod = building.some(({ sandbox }) => !sandbox.hostNetwork)
    ? await readResolvConf(podman, ['--rootless-netns'])
    : success(undefined);
  if (!ofPod.ok) return ofPod;
  const ofHost = building.some(({ sandbox }) => sandbox.hostNetwork)
    ? await readResolvConf(podman, [])
    : success(undefined);
  if (!ofHost.ok) return ofHost;
  return success({
    ...defined({ ofPod: ofPod.value, ofHost: ofHost.value }),
  });
}

async function readResolvConf(podman: PodmanClient, flags: readonly string[]): Promise<Result<DnsConfig>> {
  const args = ['unshare', ...flags, 'cat', '/etc/resolv.conf'];
  const answer = await podman.query({ args });
  if (succeeded(answer)) return success(parseResolvConf(answer.stdout));
  return failure([
    explainPodmanFailure(
      answer.stderr.split('\n'),
      'cannot see the name servers that a dnsConfig is to be added to',
    ),
  ]);
}
