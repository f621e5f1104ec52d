import { ruleOf } from '../../base/diagnostic-code.ts';
import type { FieldPath } from '../../base/path.ts';
import type { CheckedDocument, Incomplete } from '../../manifest/checked-document.ts';
import type { PodTemplateSpec } from '../../manifest/schema/generated/kubernetes.ts';
import type { PodObject } from '../spec/pod-object.ts';
import { withTemplatePaths, type Finding } from './finding.ts';
import { templateChecks } from './template-checks.ts';

/**
 * Checks the pod template at a path of an object by the rules of Kubernetes for pods (ValidatePodTemplateSpec in
 * pkg/apis/core/validation). Rules of podpose apply to the pods that it runs, not to a template.
 */
export function* checkPodTemplate(
  object: CheckedDocument,
  path: FieldPath,
  template: Incomplete<PodTemplateSpec> | undefined,
): Iterable<Finding> {
  if (template === undefined) return;
  const pod = templateAsPod(object, path, template);
  for (const check of templateChecks)
    for (const finding of check(pod))
      if (ruleOf(finding.code) === 'kubernetes') yield inTemplate(finding, path);
}

function inTemplate(finding: Finding, path: FieldPath): Finding {
  return {
    ...finding,
    path: [...path, ...finding.path],
    message: withTemplatePaths(finding.message, path),
  };
}

/** The template as the pod that a controller would create, with the places of the object. */
function templateAsPod(
  { file, locate, locateKey, edit, isPruned, hasPruned }: CheckedDocument,
  path: FieldPath,
  { metadata, spec }: Incomplete<PodTemplateSpec>,
): PodObject {
  const inObject = (field: FieldPath): FieldPath => [...path, ...field];
  return {
    kind: 'Pod',
    isTemplate: true,
    file,
    value: { ...(metadata === undefined ? {} : { metadata }), ...(spec === undefined ? {} : { spec }) },
    complete: undefined,
    locate: (field) => locate(inObject(field)),
    locateKey: (field) => locateKey(inObject(field)),
    edit: {
      ...edit,
      insert: (field, name, value, neighbour) => edit.insert(inObject(field), name, value, neighbour),
      move: (from, target) => edit.move(inObject(from), inObject(target)),
    },
    isPruned: (field) => isPruned(inObject(field)),
    hasPruned: (field) => hasPruned(inObject(field)),
  };
}
