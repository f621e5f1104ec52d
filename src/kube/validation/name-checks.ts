import type { FieldPath } from '../../base/path.ts';
import type { CheckedDocument } from '../../manifest/checked-document.ts';
import { parseLooseIPAddress } from '../spec/ip-address.ts';
import { missingField } from './fields.ts';
import type { Finding } from './finding.ts';
import {
  checkName,
  dnsSubdomain,
  labelKeyProblem,
  nameProblem,
  pathSegment,
  type NameRule,
} from './names.ts';

/** A name of a class, protocol or driver: `[prefix/]name` (IsQualifiedName in k8s.io/apimachinery/pkg/util/validation). */
export function* checkQualifiedName(name: string, path: FieldPath): Iterable<Finding> {
  const message = labelKeyProblem(name);
  if (message !== undefined) yield { code: 'invalid-name', path, message };
}

/** What may be a part of a URL; an empty text is reported elsewhere. */
export function* checkPathSegment(name: string, path: FieldPath): Iterable<Finding> {
  if (name !== '') yield* checkName(pathSegment, name, path);
}

const wildcardDomain: NameRule = {
  pattern: /^\*(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)+$/,
  longest: 253,
  allows: "'*.' and a domain name: lowercase letters, digits, '-' and '.'",
};

/** A host name, or '*.' for all names one level below a domain. */
export function* checkHostPattern(host: string, path: FieldPath): Iterable<Finding> {
  if (!host.includes('*')) yield* checkName(dnsSubdomain, host, path);
  else {
    const message = nameProblem(wildcardDomain, host);
    if (message !== undefined) yield { code: 'invalid-name', path, message };
  }
}

/** A host name, or a pattern of it, that is no IP address. */
export function* checkDomain(host: string, path: FieldPath): Iterable<Finding> {
  if (parseLooseIPAddress(host) !== undefined)
    yield { code: 'invalid-name', path, message: 'must be a DNS name, not an IP address' };
  else yield* checkHostPattern(host, path);
}

/**
 * A text or list that is required and must not be empty. Nothing is said about a field that the schema requires: it is
 * reported already.
 */
export function* checkFilled(
  { isPruned }: Pick<CheckedDocument, 'isPruned'>,
  value: string | readonly unknown[] | undefined,
  owner: FieldPath,
  field: string,
): Iterable<Finding> {
  if ((value?.length ?? 0) === 0 && !isPruned([...owner, field])) yield missingField(owner, field);
}
