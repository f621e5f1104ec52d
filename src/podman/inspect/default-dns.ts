import { success, failure, type Result } from '../../base/result.ts';
import type { DnsConfig } from '../../kube/spec/desired.ts';
import { parseResolvConf } from '../../kube/spec/dns.ts';
import { explainPodmanFailure } from '../errors.ts';
import { succeeded } from '../../platform/process.ts';
import type { PodmanClient } from '../client/client.ts';

/**
 * Queries podman's DNS settings for a pod with a network of its own: podman's shared network namespace for bridge networks
 * has the same resolv.conf, and the DNS servers of these networks ask its name servers.
 */
export async function askPodDns(podman: PodmanClient): Promise<Result<DnsConfig>> {
  const answer = await podman.query({ args: ['unshare', '--rootless-netns', 'cat', '/etc/resolv.conf'] });
  if (succeeded(answer)) return success(parseResolvConf(answer.stdout));
  return failure([
    explainPodmanFailure(
      answer.stderr.split('\n'),
      'cannot see the name servers that a dnsConfig is to be added to',
    ),
  ]);
}
