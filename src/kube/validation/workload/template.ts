import type { FieldPath } from '../../../base/path.ts';
import type { CheckedDocument, Incomplete } from '../../../manifest/checked-document.ts';
import type { LabelSelector, PodTemplateSpec } from '../../../manifest/schema/generated/kubernetes.ts';
import { firstUnmatched } from '../../spec/label-selection.ts';
import { forbiddenField } from '../fields.ts';
import { POD_DEFAULTS } from '../../spec/defaults.ts';
import type { Finding } from '../finding.ts';
import { checkLabelSelector } from '../label-selector.ts';
import { checkPodTemplate } from '../pod-template.ts';

/** Pods with labels that a selector must match. */
interface Selection {
  readonly selector?: Incomplete<LabelSelector>;
  readonly template?: Incomplete<PodTemplateSpec>;
}

/** The selector of a workload, and that it selects the pods of the template. The schema reports a missing one. */
export function* checkSelection(
  object: CheckedDocument,
  { selector, template }: Selection,
): Iterable<Finding> {
  const path = ['spec', 'selector'];
  if (selector === undefined) return;
  const problems = [...checkLabelSelector(selector, path, object.isPruned)];
  yield* problems;
  if (problems.length > 0 || object.hasPruned(path)) return;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  if (Object.keys(matchLabels).length + matchExpressions.length === 0)
    yield { code: 'missing-field', path, at: 'key', message: 'must not be empty: it selects the pods' };
  else yield* checkMatch(object, selector, template);
}

/** That a valid selector selects the pods of the template. */
export function* checkMatch(
  object: CheckedDocument,
  selector: Incomplete<LabelSelector>,
  template: Incomplete<PodTemplateSpec> | undefined,
  labels: Readonly<Record<string, string | undefined>> = template?.metadata?.labels ?? {},
): Iterable<Finding> {
  const unmatched = firstUnmatched(selector, labels);
  if (unmatched === undefined || template === undefined) return;
  if (object.hasPruned(['spec', 'template', 'metadata', 'labels'])) return;
  yield selectorMismatch(['spec', 'selector', ...unmatched]);
}

export function selectorMismatch(path: FieldPath): Finding {
  return {
    code: 'selector-mismatch',
    path,
    at: 'key',
    message: 'the labels of the template do not match: the pods would not be selected',
    help: 'Write the selector and spec.template.metadata.labels with the same labels.',
  };
}

/** The template of pods that run until they are stopped (ValidatePodTemplateSpecForReplicaSet in pkg/apis/apps/validation). */
export function* checkServingTemplate(
  object: CheckedDocument,
  template: Incomplete<PodTemplateSpec> | undefined,
  path: FieldPath = ['spec', 'template'],
): Iterable<Finding> {
  yield* checkPodTemplate(object, path, template);
  yield* checkServingPods(object.kind, template, path);
}

/** What the pods of a workload that runs until it is stopped must not have. */
export function* checkServingPods(
  kind: string,
  template: Incomplete<PodTemplateSpec> | undefined,
  path: FieldPath,
): Iterable<Finding> {
  const { restartPolicy = POD_DEFAULTS.restartPolicy, activeDeadlineSeconds } = template?.spec ?? {};
  if (restartPolicy !== 'Always')
    yield {
      code: 'wrong-value',
      path: [...path, 'spec', 'restartPolicy'],
      message: `the pods of a ${kind} need restartPolicy 'Always', got '${restartPolicy}'`,
    };
  if (activeDeadlineSeconds !== undefined)
    yield forbiddenField(
      [...path, 'spec', 'activeDeadlineSeconds'],
      `the pods of a ${kind} run until they are stopped`,
    );
}
