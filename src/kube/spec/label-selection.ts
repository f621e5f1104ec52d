import type { Incomplete } from '../../manifest/checked-document.ts';
import type { LabelSelector } from '../../manifest/schema/generated/kubernetes.ts';

type Labels = Readonly<Record<string, string | undefined>>;

/** Whether a selector selects objects with these labels. An empty selector selects all objects. */
export function selects(selector: Incomplete<LabelSelector>, labels: Labels): boolean {
  return firstUnmatched(selector, labels) === undefined;
}

/**
 * The path, from the selector, of its first requirement that the labels do not meet.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
export function firstUnmatched(
  { matchLabels = {}, matchExpressions = [] }: Incomplete<LabelSelector>,
  labels: Labels,
): readonly (string | number)[] | undefined {
  const key = Object.keys(matchLabels).find((name) => valueOf(labels, name) !== matchLabels[name]);
  if (key !== undefined) return ['matchLabels', key];
  const index = matchExpressions.findIndex((requirement) => !isMet(requirement, labels));
  return index === -1 ? undefined : ['matchExpressions', index];
}

type Requirement = NonNullable<Incomplete<LabelSelector>['matchExpressions']>[number];

function isMet({ key = '', operator, values = [] }: Requirement, labels: Labels): boolean {
  const value = valueOf(labels, key);
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}

function valueOf(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}
