import type { CheckedObject } from '../../../manifest/checked-document.ts';
import { checkRange, checkUnique, forbiddenField } from '../fields.ts';
import type { Finding } from '../finding.ts';
import { checkLabelWords } from '../label-selector.ts';
import { checkFinalizerNames } from '../metadata-rules.ts';
import { checkName, dnsLabel } from '../names.ts';
import { checkAmountList, checkRequests } from '../resources/requirements.ts';
import { checkContainerResource } from '../resources/resource-names.ts';
import { checkNodeLabel } from '../scheduling/node-labels.ts';
import { checkTolerations } from '../scheduling/tolerations.ts';
import { createdName } from '../workload/pod-names.ts';

/** ValidateNamespace in pkg/apis/core/validation. */
export function* checkNamespaceObject({ value }: CheckedObject<'Namespace'>): Iterable<Finding> {
  const path = ['spec', 'finalizers'];
  for (const finding of checkFinalizerNames(value.spec?.finalizers ?? [], true, path))
    // Unlike those of metadata, these do not exclude each other.
    if (finding.code !== 'several-values') yield finding;
}

/** warnIfHasEnforceMountableSecretsAnnotation in pkg/registry/core/serviceaccount. */
export function* checkServiceAccount({
  value: { metadata },
}: CheckedObject<'ServiceAccount'>): Iterable<Finding> {
  const annotation = 'kubernetes.io/enforce-mountable-secrets';
  if (Object.hasOwn(metadata?.annotations ?? {}, annotation))
    yield {
      code: 'deprecated',
      severity: 'warning',
      path: ['metadata', 'annotations', annotation],
      at: 'key',
      message: 'deprecated: use namespaces to separate who mounts which Secrets',
    };
}

const HIGHEST_PRIORITY = 1_000_000_000;

/** The classes of a cluster's own pods, with their values. */
const systemClasses: ReadonlyMap<string, number> = new Map([
  ['system-cluster-critical', 2 * HIGHEST_PRIORITY],
  ['system-node-critical', 2 * HIGHEST_PRIORITY + 1000],
]);

/** ValidatePriorityClass in pkg/apis/scheduling/validation. */
export function* checkPriorityClass(object: CheckedObject<'PriorityClass'>): Iterable<Finding> {
  const { value = 0, globalDefault = false } = object.value;
  if (object.isPruned(['value'])) return;
  const name = createdName(object);
  if (!name.startsWith('system-')) {
    if (value > HIGHEST_PRIORITY)
      yield {
        code: 'out-of-range',
        path: ['value'],
        message: `must be at most ${HIGHEST_PRIORITY}: higher ones are for the system, got ${value}`,
      };
    return;
  }
  const expected = systemClasses.get(name);
  if (expected === undefined)
    yield {
      code: 'invalid-name',
      path: ['metadata', 'name'],
      message: "names that begin with 'system-' are reserved for the classes of the system",
    };
  else if (value !== expected)
    yield { code: 'wrong-value', path: ['value'], message: `must be ${expected} in '${name}', got ${value}` };
  else if (globalDefault) yield forbiddenField(['globalDefault'], `'${name}' is a class of the system`);
}

/** ValidateRuntimeClass in pkg/apis/node/validation. */
export function* checkRuntimeClass(object: CheckedObject<'RuntimeClass'>): Iterable<Finding> {
  const { handler, overhead, scheduling } = object.value;
  if (handler !== undefined) yield* checkName(dnsLabel, handler, ['handler']);
  const amounts = overhead?.podFixed ?? {};
  for (const finding of checkAmountList(amounts, ['overhead', 'podFixed'], checkContainerResource))
    if (finding.severity !== 'warning') yield finding;
  for (const { path, ...finding } of checkRequests(object, { limits: amounts }, []))
    yield { ...finding, path: ['overhead', 'podFixed', ...path.slice(1)] };
  const selector = scheduling?.nodeSelector ?? {};
  yield* checkLabelWords(selector, ['scheduling', 'nodeSelector']);
  for (const label of Object.keys(selector))
    yield* checkNodeLabel(label, ['scheduling', 'nodeSelector', label], 'key');
  const tolerations = scheduling?.tolerations ?? [];
  yield* checkTolerations(object, tolerations, ['scheduling', 'tolerations']);
  if (object.hasPruned(['scheduling', 'tolerations'])) return;
  const keys = tolerations.map(({ key = '', operator = '', value = '', effect = '' }) =>
    [key, operator, value, effect].join(' '),
  );
  for (const { path, ...finding } of checkUnique(keys, (index) => ['scheduling', 'tolerations', index]))
    yield { ...finding, path, message: 'the same toleration a second time' };
}

/** ValidateLeaseSpec in pkg/apis/coordination/validation. A server drops the fields of the feature CoordinatedLeaderElection. */
export function* checkLease({ value: { spec = {} } }: CheckedObject<'Lease'>): Iterable<Finding> {
  yield* checkRange(spec.leaseDurationSeconds, 1, Infinity, ['spec', 'leaseDurationSeconds']);
  yield* checkRange(spec.leaseTransitions, 0, Infinity, ['spec', 'leaseTransitions']);
}
