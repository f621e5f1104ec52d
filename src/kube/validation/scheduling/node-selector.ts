import type { FieldPath } from '../../../base/path.ts';
import type { CheckedDocument, Incomplete } from '../../../manifest/checked-document.ts';
import type {
  NodeSelector,
  NodeSelectorRequirement,
  NodeSelectorTerm,
} from '../../../manifest/schema/generated/kubernetes.ts';
import { forbiddenField, missingField } from '../fields.ts';
import type { Finding } from '../finding.ts';
import { checkLabelKey } from '../label-selector.ts';
import { checkName, dnsSubdomain, labelValueProblem } from '../names.ts';
import { checkNodeLabel } from './node-labels.ts';

/** Whether a value that is no label value is an error, or only a warning, as in a preference. */
type Strictness = 'required' | 'preferred';

type Object = Pick<CheckedDocument, 'isPruned'>;

/** ValidateNodeSelector in pkg/apis/core/validation. */
export function* checkNodeSelectorOf(
  object: Object,
  selector: Incomplete<NodeSelector> | undefined,
  path: FieldPath,
): Iterable<Finding> {
  if (selector === undefined) return;
  const list = [...path, 'nodeSelectorTerms'];
  const terms = selector.nodeSelectorTerms ?? [];
  if (terms.length === 0 && !object.isPruned(list))
    yield { code: 'missing-field', path: list, at: 'key', message: 'must have at least one term' };
  for (const [index, term] of terms.entries())
    yield* checkNodeSelectorTerm(object, term, [...list, index], 'required');
}

/** ValidateNodeSelectorTerm in pkg/apis/core/validation, and the warnings of GetWarningsForNodeSelectorTerm in pkg/api/node. */
export function* checkNodeSelectorTerm(
  object: Object,
  { matchExpressions = [], matchFields = [] }: Incomplete<NodeSelectorTerm>,
  path: FieldPath,
  strictness: Strictness,
): Iterable<Finding> {
  for (const [index, requirement] of matchExpressions.entries())
    yield* checkExpression(object, requirement, [...path, 'matchExpressions', index], strictness);
  for (const [index, requirement] of matchFields.entries())
    yield* checkFieldRequirement(object, requirement, [...path, 'matchFields', index]);
}

function* checkExpression(
  { isPruned }: Object,
  { key, operator, values = [] }: Incomplete<NodeSelectorRequirement>,
  path: FieldPath,
  strictness: Strictness,
): Iterable<Finding> {
  if (key !== undefined) {
    yield* checkLabelKey(key, [...path, 'key']);
    yield* checkNodeLabel(key, [...path, 'key']);
  }
  if (!isPruned([...path, 'values'])) yield* checkCount(operator, values.length, path);
  for (const [index, value] of values.entries()) {
    const message = labelValueProblem(value);
    if (message !== undefined)
      yield {
        code: 'invalid-label',
        ...(strictness === 'preferred' ? { severity: 'warning' } : {}),
        path: [...path, 'values', index],
        message,
      };
  }
}

function* checkCount(
  operator: NodeSelectorRequirement['operator'] | undefined,
  count: number,
  path: FieldPath,
): Iterable<Finding> {
  if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (count > 0) yield forbiddenField([...path, 'values'], `the operator is '${operator}'`);
  } else if (operator !== undefined && count === 0) yield missingField(path, 'values');
  else if ((operator === 'Gt' || operator === 'Lt') && count > 1) yield oneValue(operator, count, path);
}

function oneValue(operator: string, count: number, path: FieldPath): Finding {
  return {
    code: 'several-values',
    path: [...path, 'values'],
    at: 'key',
    message: `must be one value with the operator '${operator}', got ${count}`,
  };
}

/** ValidateNodeFieldSelectorRequirement in pkg/apis/core/validation: a node has one field to select by, its name. */
function* checkFieldRequirement(
  { isPruned }: Object,
  { key, operator, values = [] }: Incomplete<NodeSelectorRequirement>,
  path: FieldPath,
): Iterable<Finding> {
  if (key !== undefined && key !== 'metadata.name')
    yield {
      code: 'wrong-value',
      path: [...path, 'key'],
      message: `'${key}' is not a field to select nodes by, only 'metadata.name' is`,
      help: 'For a label of a node, use matchExpressions.',
    };
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length === 0 && !isPruned([...path, 'values'])) yield missingField(path, 'values');
    else if (values.length > 1) yield oneValue(operator, values.length, path);
  } else if (operator !== undefined)
    yield {
      code: 'wrong-value',
      path: [...path, 'operator'],
      message: `'${operator}' is not valid for a field of a node (In, NotIn)`,
    };
  if (key === 'metadata.name')
    for (const [index, value] of values.entries())
      yield* checkName(dnsSubdomain, value, [...path, 'values', index]);
}
