import type { FieldPath } from '../../../base/path.ts';
import type { Incomplete } from '../../../manifest/checked-document.ts';
import type { CoreResourceClaim, PodResourceClaim } from '../../../manifest/schema/generated/kubernetes.ts';
import { containersOf, type PodObject } from '../../spec/pod-object.ts';
import { checkUnique, forbiddenField, missingField } from '../fields.ts';
import type { Finding } from '../finding.ts';
import { checkName, dnsLabel, dnsSubdomain } from '../names.ts';
import { MIRROR_ANNOTATION } from '../pod/server-annotations.ts';

/** validatePodResourceClaims and validateResourceClaimNames in pkg/apis/core/validation: devices of a cluster. */
export function* checkResourceClaims(pod: PodObject): Iterable<Finding> {
  const claims = pod.value.spec?.resourceClaims ?? [];
  const path = ['spec', 'resourceClaims'];
  const isMirror = pod.value.metadata?.annotations?.[MIRROR_ANNOTATION] !== undefined;
  if (isMirror && claims.length > 0 && pod.isTemplate !== true)
    yield forbiddenField(path, `the pod has the annotation '${MIRROR_ANNOTATION}' of a static pod`);
  for (const [index, claim] of claims.entries()) yield* checkClaim(pod, claim, [...path, index]);
  const names = claims.map(({ name }) => name);
  yield* checkUnique(names, (index) => [...path, index, 'name']);
  const known = new Set(names);
  for (const container of containersOf(pod))
    yield* checkUses(container.value.resources?.claims ?? [], known, [
      ...container.path,
      'resources',
      'claims',
    ]);
}

function* checkClaim(
  { isPruned }: PodObject,
  { name, resourceClaimName, resourceClaimTemplateName }: Incomplete<PodResourceClaim>,
  path: FieldPath,
): Iterable<Finding> {
  const sources = Object.entries({ resourceClaimName, resourceClaimTemplateName });
  if (name === '') yield missingField(path, 'name');
  else if (name !== undefined) yield* checkName(dnsLabel, name, [...path, 'name']);
  for (const [field, text] of sources)
    if (text !== undefined) yield* checkName(dnsSubdomain, text, [...path, field]);
  const written = sources.filter(([field, text]) => text !== undefined || isPruned([...path, field]));
  const choice = "one of 'resourceClaimName' and 'resourceClaimTemplateName'";
  if (written.length === 0) yield { code: 'missing-field', path, at: 'key', message: `missing ${choice}` };
  if (written.length === 2) yield { code: 'several-values', path, message: `must have ${choice}, not both` };
}

function* checkUses(
  claims: readonly Incomplete<CoreResourceClaim>[],
  known: ReadonlySet<string | undefined>,
  path: FieldPath,
): Iterable<Finding> {
  /** The requests of each claim that earlier items use; '' is all of them. */
  const used = new Map<string, Set<string>>();
  for (const [index, { name, request = '' }] of claims.entries()) {
    const at = [...path, index];
    if (name === '') yield missingField(at, 'name');
    if (name === undefined || name === '') continue;
    if (!known.has(name))
      yield {
        code: 'unknown-claim',
        path: [...at, 'name'],
        message: `no item of spec.resourceClaims has the name '${name}'`,
      };
    const before = used.get(name) ?? new Set();
    if (request !== '') yield* checkName(dnsLabel, request, [...at, 'request']);
    if (before.has('') || before.has(request) || (request === '' && before.size > 0))
      yield {
        code: 'duplicate-value',
        path: at,
        message: `an earlier item already uses ${request === '' || before.has('') ? `the claim '${name}'` : `the request '${request}' of '${name}'`}`,
      };
    used.set(name, before.add(request));
  }
}
