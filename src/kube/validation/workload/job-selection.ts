import type { CheckedDocument, Incomplete } from '../../../manifest/checked-document.ts';
import type { JobSpec } from '../../../manifest/schema/generated/kubernetes.ts';
import { firstUnmatched } from '../../spec/label-selection.ts';
import { forbiddenField, missingField } from '../fields.ts';
import type { Finding } from '../finding.ts';
import { checkLabelSelector } from '../label-selector.ts';
import { labelValueProblem } from '../names.ts';
import { createdName } from './pod-names.ts';
import { checkMatch, selectorMismatch } from './template.ts';

type Spec = Incomplete<JobSpec>;

const uidLabels = ['controller-uid', 'batch.kubernetes.io/controller-uid'];
const nameLabels = ['job-name', 'batch.kubernetes.io/job-name'];

/** A UID that a cluster would generate: equal to no value of a label in a file. */
const UID = '\0uid';

/** The selector of a Job: by default a generated one (generateSelector in pkg/registry/batch/job). */
export function* checkJobSelection(object: CheckedDocument, spec: Spec): Iterable<Finding> {
  const path = ['spec', 'selector'];
  const problems = [...checkLabelSelector(spec.selector, path, object.isPruned)];
  yield* problems;
  const isValid = problems.length === 0 && !object.hasPruned(path);
  if (spec.manualSelector !== true) yield* checkGeneratedSelection(object, spec, isValid);
  else if (spec.selector !== undefined && isValid) yield* checkMatch(object, spec.selector, spec.template);
  else if (spec.selector === undefined && isValid)
    yield { ...missingField(['spec'], 'selector'), help: "'manualSelector: true' needs it." };
}

/**
 * The pods of a Job get labels with its name and UID (validateGeneratedSelector in pkg/apis/batch/validation). A label of the
 * template with one of these keys must be the same, and a selector must match these labels alone.
 */
function* checkGeneratedSelection(object: CheckedDocument, spec: Spec, isValid: boolean): Iterable<Finding> {
  const name = createdName(object);
  const labels = spec.template?.metadata?.labels ?? {};
  const path = ['spec', 'template', 'metadata', 'labels'];
  const problem = labelValueProblem(name);
  if (problem !== undefined && name.length <= 253)
    yield {
      code: 'invalid-name',
      path: ['metadata', 'name'],
      message: `${problem}: it becomes the value of a label of the pods`,
    };
  for (const key of nameLabels)
    if (Object.hasOwn(labels, key) && labels[key] !== name)
      yield forbiddenField([...path, key], 'a cluster sets this label to the name of the Job');
  for (const key of uidLabels)
    if (Object.hasOwn(labels, key))
      yield forbiddenField([...path, key], 'a cluster sets this label to the UID of the Job');
  if (spec.selector === undefined || !isValid) return;
  const generated: Readonly<Record<string, string>> = {
    ...Object.fromEntries(nameLabels.map((key) => [key, name] as const)),
    ...Object.fromEntries(uidLabels.map((key) => [key, UID] as const)),
  };
  const unmatched =
    firstUnmatched(spec.selector, generated) ?? firstUnmatched(spec.selector, { ...labels, ...generated });
  if (unmatched !== undefined)
    yield {
      ...selectorMismatch(['spec', 'selector', ...unmatched]),
      message: 'the selector of a Job is generated, and matches only the labels with its name and UID',
      help: "Remove the selector, or set 'manualSelector: true'.",
    };
}
