import type { FieldPath } from '../../../base/path.ts';
import type { CheckedObject, Incomplete } from '../../../manifest/checked-document.ts';
import type { ScopedResourceSelectorRequirement } from '../../../manifest/schema/generated/kubernetes.ts';
import { forbiddenField, missingField } from '../fields.ts';
import type { Finding } from '../finding.ts';
import { labelKeyProblem } from '../names.ts';
import { amountOf, type Amounts } from '../resources/requirements.ts';
import {
  COUNTED_RESOURCES,
  checkQuotaResource,
  isExtended,
  isQuotaResource,
} from '../resources/resource-names.ts';

/** ValidateResourceQuotaSpec in pkg/apis/core/validation. */
export function* checkResourceQuota({
  value: { spec = {} },
  isPruned,
}: CheckedObject<'ResourceQuota'>): Iterable<Finding> {
  const { hard = {}, scopes = [], scopeSelector = {} } = spec;
  for (const [name, text = ''] of Object.entries(hard)) {
    yield* checkQuotaResource(name, ['spec', 'hard', name]);
    yield* checkQuota(name, text, ['spec', 'hard', name]);
  }
  yield* warnOfLimits(hard);
  const scopePath = (index: number): FieldPath => ['spec', 'scopes', index];
  for (const [index, scope] of scopes.entries()) yield* checkScope(scope, hard, scopePath(index));
  yield* checkConflicts(scopes, scopePath);
  const requirements = scopeSelector.matchExpressions ?? [];
  const selectorPath = (index: number): FieldPath => ['spec', 'scopeSelector', 'matchExpressions', index];
  for (const [index, requirement] of requirements.entries()) {
    const path = selectorPath(index);
    if (isPruned(path)) continue;
    if (requirement.scopeName !== undefined)
      yield* checkScope(requirement.scopeName, hard, [...path, 'scopeName']);
    yield* checkRequirement(requirement, path, isPruned);
  }
  yield* checkConflicts(
    requirements.map(({ scopeName = '' }) => scopeName),
    (index) => [...selectorPath(index), 'scopeName'],
  );
}

/** ValidateResourceQuantityValue; `requests.` begins the quota of an extended resource, which may have fractions. */
function* checkQuota(name: string, text: string, path: FieldPath): Iterable<Finding> {
  const amount = amountOf(text);
  if (amount === undefined) return;
  const isCounted =
    COUNTED_RESOURCES.includes(name) ||
    (isExtended(name) && !name.startsWith('requests.') && labelKeyProblem(`requests.${name}`) === undefined);
  if (amount < 0n)
    yield { code: 'invalid-quantity', path, message: `must not be less than 0, got '${text}'` };
  if (isCounted && amount % 1000n !== 0n)
    yield { code: 'invalid-quantity', path, message: `must be a whole number, got '${text}'` };
}

/** WarningsOnCreate in pkg/registry/core/resourcequota. */
function* warnOfLimits(hard: Amounts): Iterable<Finding> {
  for (const resource of ['cpu', 'memory', 'storage', 'ephemeral-storage']) {
    const hasBareName = resource === 'cpu' || resource === 'memory';
    const requests = `requests.${resource}`;
    const name = hard[requests] === undefined && hasBareName ? resource : requests;
    const [request, limit] = [amountOf(hard[name]), amountOf(hard[`limits.${resource}`])];
    if (request !== undefined && limit !== undefined && request > limit)
      yield {
        code: 'request-over-limit',
        severity: 'warning',
        path: ['spec', 'hard', name],
        message: `should not exceed limits.${resource} (${hard[`limits.${resource}`] ?? ''}), got ${hard[name] ?? ''}`,
      };
  }
}

const podResources = [
  'pods',
  'cpu',
  'memory',
  'limits.cpu',
  'limits.memory',
  'requests.cpu',
  'requests.memory',
];

/** What a scope can count (IsResourceQuotaScopeValidForResource in pkg/apis/core/helper). */
const resourcesOfScope: Readonly<Record<string, readonly string[]>> = {
  BestEffort: ['pods'],
  CrossNamespacePodAffinity: podResources,
  NotBestEffort: podResources,
  NotTerminating: podResources,
  PriorityClass: podResources,
  Terminating: podResources,
  VolumeAttributesClass: ['persistentvolumeclaims', 'requests.storage'],
};

function* checkScope(scope: string, hard: Amounts, path: FieldPath): Iterable<Finding> {
  const counts = resourcesOfScope[scope];
  const other = Object.keys(hard).find(
    (name) => isQuotaResource(name) && counts !== undefined && !counts.includes(name),
  );
  if (other !== undefined)
    yield {
      code: 'wrong-value',
      path,
      message: `the scope '${scope}' does not count '${other}', which spec.hard limits`,
    };
}

const exclusive = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
] as const;

function* checkConflicts(scopes: readonly string[], pathOf: (index: number) => FieldPath): Iterable<Finding> {
  for (const [one, other] of exclusive)
    if (scopes.includes(one) && scopes.includes(other))
      yield {
        code: 'several-values',
        path: pathOf(scopes.indexOf(other)),
        message: `'${one}' and '${other}' are mutually exclusive`,
      };
}

function* checkRequirement(
  { scopeName, operator, values = [] }: Incomplete<ScopedResourceSelectorRequirement>,
  path: FieldPath,
  isPruned: (path: FieldPath) => boolean,
): Iterable<Finding> {
  if (operator === undefined) return;
  const hasValues = scopeName === 'PriorityClass' || scopeName === 'VolumeAttributesClass';
  if (scopeName !== undefined && !hasValues && operator !== 'Exists')
    yield {
      code: 'wrong-value',
      path: [...path, 'operator'],
      message: `must be 'Exists' for the scope '${scopeName}', got '${operator}'`,
    };
  const needsValues = operator === 'In' || operator === 'NotIn';
  if (needsValues && values.length === 0 && !isPruned([...path, 'values']))
    yield missingField(path, 'values');
  if (!needsValues && values.length > 0)
    yield forbiddenField([...path, 'values'], `the operator is '${operator}'`);
}
