import type { PodObject } from '../../spec/pod-object.ts';
import { checkUnique, forbiddenField } from '../fields.ts';
import type { Finding } from '../finding.ts';
import { checkLabelKey } from '../label-selector.ts';
import { checkName, dnsSubdomain } from '../names.ts';

/** Names of objects of a cluster. An empty name means unset, except for a runtime class. */
const CLUSTER_NAMES = ['serviceAccountName', 'nodeName', 'priorityClassName'] as const;

/** The names of other objects in the spec (ValidatePodSpec in pkg/apis/core/validation). */
export function* checkClusterNames({ value: { spec = {} } }: PodObject): Iterable<Finding> {
  for (const field of CLUSTER_NAMES) {
    const name = spec[field] ?? '';
    if (name !== '') yield* checkName(dnsSubdomain, name, ['spec', field]);
  }
  if (spec.runtimeClassName !== undefined)
    yield* checkName(dnsSubdomain, spec.runtimeClassName, ['spec', 'runtimeClassName']);
  // The old field counts without the new one (Convert_v1_PodSpec_To_core_PodSpec in pkg/apis/core/v1/conversion.go).
  const { serviceAccount = '', serviceAccountName = '' } = spec;
  if (serviceAccount !== '' && serviceAccountName === '')
    yield* checkName(dnsSubdomain, serviceAccount, ['spec', 'serviceAccount']);
}

/** validateReadinessGates and validateSchedulingGates in pkg/apis/core/validation. */
export function* checkGates({ value: { spec = {} }, isTemplate }: PodObject): Iterable<Finding> {
  for (const [index, { conditionType }] of (spec.readinessGates ?? []).entries())
    if (conditionType !== undefined)
      yield* checkLabelKey(conditionType, ['spec', 'readinessGates', index, 'conditionType']);
  const gates = spec.schedulingGates ?? [];
  const pathOf = (index: number) => ['spec', 'schedulingGates', index, 'name'];
  for (const [index, { name }] of gates.entries())
    if (name !== undefined) yield* checkLabelKey(name, pathOf(index));
  yield* checkUnique(
    gates.map(({ name }) => name),
    pathOf,
  );
  if (isTemplate !== true && gates.length > 0 && (spec.nodeName ?? '') !== '')
    yield forbiddenField(['spec', 'nodeName'], 'the pod has schedulingGates');
}
