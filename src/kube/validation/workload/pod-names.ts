import type { CheckedDocument } from '../../../manifest/checked-document.ts';
import type { Finding } from '../finding.ts';
import { dnsLabel, dnsSubdomain, nameProblem } from '../names.ts';

/** The most characters of generateName that a name begins with, and the number of random ones (names/generate.go in k8s.io/apiserver). */
const MAX_PREFIX = 58;
const RANDOM = 'xxxxx';

/** The name of the object, or one like that which an API server would generate; empty without both. */
export function createdName({ value: { metadata } }: CheckedDocument): string {
  const { name = '', generateName = '' } = metadata ?? {};
  return name === '' && generateName !== '' ? generateName.slice(0, MAX_PREFIX) + RANDOM : name;
}

/**
 * Warns about a name that is not a DNS label: it becomes part of the names and hostnames of pods (WarningsOnCreate of the
 * strategies in pkg/registry/apps and pkg/registry/batch).
 */
export function* warnOfPodNames(object: CheckedDocument): Iterable<Finding> {
  const name = createdName(object);
  const problem = nameProblem(dnsLabel, name);
  if (problem === undefined || nameProblem(dnsSubdomain, name) !== undefined) return;
  yield {
    code: 'invalid-name',
    severity: 'warning',
    path: ['metadata', 'name'],
    message: `${problem}: it becomes part of the names and hostnames of pods`,
  };
}
