import type { FieldPath } from '../../base/path.ts';
import type { CheckedDocument, Incomplete } from '../../manifest/checked-document.ts';
import { isSupportedKind, type Kind } from '../../manifest/kinds.ts';
import type { OwnerReference } from '../../manifest/schema/generated/kubernetes.ts';
import { isIPAddress } from '../spec/ip-address.ts';
import { checkRange, missingField } from './fields.ts';
import type { Finding } from './finding.ts';
import {
  checkFinalizerNames,
  hasFinalizerRule,
  isNamespaced,
  nameRuleOf,
  resetsGeneration,
  withoutPrefixRule,
} from './metadata-rules.ts';
import { checkName, dnsLabel, nameProblem, pathSegment, type NameRule } from './names.ts';
import { checkAnnotations, checkLabels } from './pod/metadata.ts';

/** Checks the metadata of an object of any kind (ValidateObjectMetaAccessor in k8s.io/apimachinery/pkg/api/validation). */
export function* checkObjectMetadata(object: CheckedDocument): Iterable<Finding> {
  yield* checkObjectName(object);
  yield* checkNamespace(object);
  const { kind, value } = object;
  const { generation, ownerReferences = [], finalizers = [] } = value.metadata ?? {};
  if (!resetsGeneration(kind)) yield* checkRange(generation, 0, Number.MAX_VALUE, ['metadata', 'generation']);
  yield* checkOwners(ownerReferences, ['metadata', 'ownerReferences'], object.isPruned);
  yield* checkFinalizerNames(finalizers, hasFinalizerRule(kind), ['metadata', 'finalizers']);
  // The checks of a pod template have them for a Pod.
  if (kind === 'Pod') return;
  yield* checkLabels(object);
  yield* checkAnnotations(object);
}

function* checkObjectName(object: CheckedDocument): Iterable<Finding> {
  const path = ['metadata', 'name'];
  const { kind, value, isPruned } = object;
  const { name = '', generateName = '' } = value.metadata ?? {};
  const rule = nameRuleOf(kind);
  if (generateName !== '') yield* checkPrefix(kind, rule, generateName, name === '');
  if (name !== '') yield* checkName(rule, name, path);
  // A server names a LimitRange (PrepareForCreate in pkg/registry/core/limitrange).
  else if (generateName === '' && kind === 'LimitRange') return;
  else if (generateName === '') {
    if (value.metadata?.name !== undefined)
      yield { code: 'invalid-name', path, message: 'must not be empty' };
    else if (!isPruned(path))
      yield {
        code: 'missing-field',
        path: ['metadata'],
        at: 'key',
        message: "missing required field 'name'",
        help: 'Set metadata.name.',
      };
  } else if (isSupportedKind(kind))
    yield {
      code: 'generated-name',
      path: ['metadata', 'generateName'],
      at: 'key',
      message: "needs a 'name': a generated name would create a new object with every run",
      help: 'Set metadata.name instead.',
    };
  if (name !== '') yield* checkNameForm(object, name);
}

/** The characters that a server appends to `generateName`, after it is cut to 58 characters. */
const GENERATED = { longest: 58, suffix: 'xxxxx' };

/** NameGenerator in k8s.io/apiserver/pkg/storage/names; a dash at the end is valid (maskTrailingDash). */
function* checkPrefix(kind: Kind, rule: NameRule, prefix: string, generates: boolean): Iterable<Finding> {
  const masked = prefix.length > 1 && prefix.endsWith('-') ? `${prefix.slice(0, -2)}a` : prefix;
  const generated = prefix.slice(0, GENERATED.longest) + GENERATED.suffix;
  const problem =
    nameProblem(withoutPrefixRule(kind) ? pathSegment : rule, masked) ??
    (generates ? nameProblem(rule, generated) : undefined);
  if (problem !== undefined)
    yield { code: 'invalid-name', path: ['metadata', 'generateName'], message: problem };
}

/** Kinds whose names have a meaning. */
function* checkNameForm({ kind, value }: CheckedDocument, name: string): Iterable<Finding> {
  if (kind === 'IPAddress' && !isIPAddress(name))
    yield { code: 'invalid-ip', path: ['metadata', 'name'], message: `invalid IP address '${name}'` };
  if (kind !== 'CustomResourceDefinition') return;
  const { group, names } = value.spec ?? {};
  if (group === undefined || names?.plural === undefined || name === `${names.plural}.${group}`) return;
  yield {
    code: 'wrong-value',
    path: ['metadata', 'name'],
    message: `must be the plural and the group of the spec, got '${name}'`,
    suggestion: `${names.plural}.${group}`,
  };
}

/** ValidateNamespaceName; an empty one means unset, and that of a kind without namespaces is dropped. */
function* checkNamespace({ kind, value }: CheckedDocument): Iterable<Finding> {
  const { namespace = '' } = value.metadata ?? {};
  if (namespace !== '' && isNamespaced(kind))
    yield* checkName(dnsLabel, namespace, ['metadata', 'namespace']);
}

/** ValidateOwnerReferences. */
function* checkOwners(
  owners: readonly Incomplete<OwnerReference>[],
  path: FieldPath,
  isPruned: CheckedDocument['isPruned'],
): Iterable<Finding> {
  let controller: number | undefined;
  for (const [index, owner] of owners.entries()) {
    const at = [...path, index];
    const { apiVersion, kind, name, uid } = owner;
    // In the metadata of a template they are not required.
    for (const [field, text] of Object.entries({ apiVersion, kind, name, uid }))
      if (text === undefined && !isPruned([...at, field])) yield missingField(at, field);
    if (apiVersion !== undefined && !/^(?:[^/]*\/)?[^/]+$/.test(apiVersion))
      yield {
        code: 'wrong-value',
        path: [...at, 'apiVersion'],
        message: `must be VERSION or GROUP/VERSION, got '${apiVersion}'`,
      };
    if (apiVersion === 'v1' && kind === 'Event')
      yield { code: 'wrong-value', path: [...at, 'kind'], message: 'an Event must not own objects' };
    for (const [field, text] of Object.entries({ kind, name, uid }))
      if (text === '') yield { code: 'missing-field', path: [...at, field], message: 'must not be empty' };
    if (owner.controller !== true) continue;
    if (controller !== undefined)
      yield {
        code: 'several-values',
        path: [...at, 'controller'],
        message: `only one owner may be the controller: ownerReferences[${controller}] is one already`,
      };
    else controller = index;
  }
}
