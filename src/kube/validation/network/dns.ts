import type { FieldPath } from '../../../base/path.ts';
import { MAX_SEARCHES_LENGTH, MAX_NAMESERVERS, MAX_SEARCHES } from '../../spec/dns-limits.ts';
import type { Finding } from '../finding.ts';
import { checkIPAddress } from './addresses.ts';
import { nameProblem, searchDomain } from '../names.ts';
import type { PodObject } from '../../spec/pod-object.ts';

/** https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-dns-config */
export function* checkDns(pod: PodObject): Iterable<Finding> {
  const path = ['spec', 'dnsConfig'];
  const { nameservers = [], searches = [], options = [] } = pod.value.spec?.dnsConfig ?? {};
  yield* checkNameservers(pod, nameservers, [...path, 'nameservers']);
  yield* checkSearches(searches, [...path, 'searches']);
  for (const [index, { name = '' }] of options.entries())
    if (name === '' && !pod.isPruned([...path, 'options', index, 'name']))
      yield {
        code: 'missing-field',
        path: [...path, 'options', index],
        message: "missing required field 'name'",
      };
}

function* checkNameservers(
  pod: PodObject,
  nameservers: readonly string[],
  path: FieldPath,
): Iterable<Finding> {
  if (nameservers.length > MAX_NAMESERVERS)
    yield {
      code: 'too-many-nameservers',
      path,
      at: 'key',
      message: `must have at most ${MAX_NAMESERVERS} addresses, got ${nameservers.length}`,
    };
  for (const [index, address] of nameservers.entries()) yield* checkIPAddress(address, [...path, index]);
  if (pod.value.spec?.dnsPolicy === 'None' && nameservers.length === 0 && !pod.isPruned(path))
    yield {
      code: 'missing-nameserver',
      path: ['spec', 'dnsPolicy'],
      message: "'None' requires a name server",
      help: 'Add at least one to spec.dnsConfig.nameservers.',
    };
}

function* checkSearches(searches: readonly string[], path: FieldPath): Iterable<Finding> {
  if (searches.length > MAX_SEARCHES || searches.join(' ').length > MAX_SEARCHES_LENGTH)
    yield {
      code: 'too-many-searches',
      path,
      at: 'key',
      message: `must have at most ${MAX_SEARCHES} domains with ${MAX_SEARCHES_LENGTH} characters in total`,
    };
  for (const [index, search] of searches.entries()) {
    // A single dot disables search domains in the resolver.
    const message = search === '.' ? undefined : nameProblem(searchDomain, search.replace(/\.$/, ''));
    if (message !== undefined) yield { code: 'invalid-name', path: [...path, index], message };
  }
}
