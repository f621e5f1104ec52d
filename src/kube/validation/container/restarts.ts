import type { FieldPath } from '../../../base/path.ts';
import type { Incomplete } from '../../../manifest/checked-document.ts';
import type { ContainerRestartRule } from '../../../manifest/schema/generated/kubernetes.ts';
import { containersOf, type ContainerObject, type PodObject } from '../../spec/pod-object.ts';
import { missingField } from '../fields.ts';
import type { Finding } from '../finding.ts';

const MAX_RULES = 20;
const MAX_EXIT_CODES = 255;

/** validateContainerRestartPolicy in pkg/apis/core/validation. */
export function* checkRestartRules(pod: PodObject): Iterable<Finding> {
  for (const { path, value } of containersOf(pod)) {
    const rules = value.restartPolicyRules ?? [];
    const list = [...path, 'restartPolicyRules'];
    if (rules.length === 0) continue;
    if (value.restartPolicy === undefined && !pod.isPruned([...path, 'restartPolicy']))
      yield { code: 'missing-field', path: list, at: 'key', message: 'requires a restartPolicy beside it' };
    yield* checkSize(rules.length, MAX_RULES, list);
    for (const [index, rule] of rules.entries()) yield* checkRule(pod, rule, [...list, index]);
  }
}

function* checkRule(
  { isPruned }: PodObject,
  { exitCodes }: Incomplete<ContainerRestartRule>,
  path: FieldPath,
): Iterable<Finding> {
  if (exitCodes === undefined) {
    if (!isPruned([...path, 'exitCodes'])) yield missingField(path, 'exitCodes');
  } else yield* checkSize(exitCodes.values?.length ?? 0, MAX_EXIT_CODES, [...path, 'exitCodes', 'values']);
}

function* checkSize(size: number, most: number, path: FieldPath): Iterable<Finding> {
  if (size > most)
    yield {
      code: 'too-many-values',
      path,
      at: 'key',
      message: `must have at most ${most} items, got ${size}`,
    };
}

/** While up runs init containers, it retries one after the other. */
export function* checkRestartActions(pod: PodObject): Iterable<Finding> {
  for (const container of containersOf(pod).filter(isOrdinaryInit))
    for (const [index, { action }] of (container.value.restartPolicyRules ?? []).entries())
      if (action === 'RestartAllContainers')
        yield {
          code: 'not-supported-yet',
          path: [...container.path, 'restartPolicyRules', index, 'action'],
          message:
            "not supported yet of an init container: 'RestartAllContainers'; 'Restart' runs this one again",
        };
}

/** validateResizePolicy and validateInitContainers in pkg/apis/core/validation. */
export function* checkResizePolicies(pod: PodObject): Iterable<Finding> {
  const isNeverRestarted = pod.value.spec?.restartPolicy === 'Never';
  for (const container of containersOf(pod)) {
    const seen = new Set<string>();
    for (const [index, { resourceName, restartPolicy }] of (container.value.resizePolicy ?? []).entries()) {
      const path = [...container.path, 'resizePolicy', index];
      if (resourceName !== undefined) {
        if (seen.has(resourceName))
          yield { code: 'duplicate-value', path, message: `duplicate policy for '${resourceName}'` };
        seen.add(resourceName);
      }
      const why = isNeverRestarted
        ? "the pod has the restartPolicy 'Never'"
        : isOrdinaryInit(container)
          ? "an init container without 'restartPolicy: Always' is not restarted"
          : undefined;
      if (restartPolicy === 'RestartContainer' && why !== undefined)
        yield {
          code: 'wrong-value',
          path: [...path, 'restartPolicy'],
          message: `must be 'NotRequired': ${why}`,
        };
    }
  }
}

/** Not a sidecar. */
function isOrdinaryInit({ role, value }: ContainerObject): boolean {
  return role === 'init' && value.restartPolicy !== 'Always';
}
