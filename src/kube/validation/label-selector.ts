import type { FieldPath } from '../../base/path.ts';
import type { Incomplete } from '../../manifest/checked-document.ts';
import type { LabelSelector, LabelSelectorRequirement } from '../../manifest/schema/generated/kubernetes.ts';
import { checkChoice, forbiddenField, missingField } from './fields.ts';
import type { Finding } from './finding.ts';
import { labelKeyProblem, labelValueProblem } from './names.ts';

/** Keys and values of labels. */
export function* checkLabelWords(
  labels: Readonly<Record<string, string | undefined>>,
  path: FieldPath,
): Iterable<Finding> {
  for (const [key, value = ''] of Object.entries(labels)) {
    yield* checkLabelKey(key, [...path, key], 'key');
    yield* checkLabelValue(value, [...path, key]);
  }
}

export function* checkLabelKey(key: string, path: FieldPath, at?: 'key'): Iterable<Finding> {
  const message = labelKeyProblem(key);
  if (message !== undefined)
    yield {
      code: 'invalid-label',
      path,
      ...(at === undefined ? {} : { at }),
      message,
      ...spaceHelp(key, path),
    };
}

export function* checkLabelValue(value: string, path: FieldPath): Iterable<Finding> {
  const message = labelValueProblem(value);
  if (message !== undefined) yield { code: 'invalid-label', path, message, ...spaceHelp(value, path) };
}

/** Longer texts are no labels. */
const MAX_EXPLAINED = 200;

/** A text with spaces in place of a label. */
function spaceHelp(text: string, path: FieldPath): Pick<Finding, 'help'> {
  if (!text.includes(' ') || text.length > MAX_EXPLAINED) return {};
  const word = text.replace(/[^\w.-]+/g, '-').replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '');
  if (word === '') return {};
  const instead = path.at(-2) === 'labels' ? ', or write the text into metadata.annotations' : '';
  return { help: `Write '${word}'${instead}.` };
}

/** ValidateLabelSelector in k8s.io/apimachinery/pkg/apis/meta/v1/validation. `isPruned` of the object avoids second reports. */
export function* checkLabelSelector(
  selector: Incomplete<LabelSelector> | undefined,
  path: FieldPath,
  isPruned: (path: FieldPath) => boolean = () => false,
): Iterable<Finding> {
  if (selector === undefined) return;
  yield* checkLabelWords(selector.matchLabels ?? {}, [...path, 'matchLabels']);
  for (const [index, requirement] of (selector.matchExpressions ?? []).entries())
    yield* checkLabelRequirement(requirement, [...path, 'matchExpressions', index], isPruned);
}

function* checkLabelRequirement(
  { key, operator, values = [] }: Incomplete<LabelSelectorRequirement>,
  path: FieldPath,
  isPruned: (path: FieldPath) => boolean,
): Iterable<Finding> {
  if (key !== undefined) yield* checkLabelKey(key, [...path, 'key']);
  yield* checkChoice(operator, ['In', 'NotIn', 'Exists', 'DoesNotExist'], [...path, 'operator']);
  if ((operator === 'In' || operator === 'NotIn') && values.length === 0 && !isPruned([...path, 'values']))
    yield missingField(path, 'values');
  if ((operator === 'Exists' || operator === 'DoesNotExist') && values.length > 0)
    yield forbiddenField([...path, 'values'], `the operator is '${operator}'`);
  for (const [index, value] of values.entries()) yield* checkLabelValue(value, [...path, 'values', index]);
}
