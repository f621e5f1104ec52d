import { failure, success, type Result } from '../../base/result.ts';
import type { LabelSelector } from '../../manifest/schema/generated/kubernetes.ts';

type Requirement = NonNullable<LabelSelector['matchExpressions']>[number];

const KEY = String.raw`[A-Za-z0-9]([-A-Za-z0-9_./]*[A-Za-z0-9])?`;

/** The forms of a requirement, as in kubectl's `-l`. */
const FORMS: readonly (readonly [RegExp, (key: string, values: string) => Requirement])[] = [
  [new RegExp(`^(?<key>${KEY})\\s*==?\\s*(?<values>[^=!,()\\s]*)$`), (key, value) => oneOf('In', key, value)],
  [
    new RegExp(`^(?<key>${KEY})\\s*!=\\s*(?<values>[^=!,()\\s]*)$`),
    (key, value) => oneOf('NotIn', key, value),
  ],
  [new RegExp(`^(?<key>${KEY})\\s+in\\s*\\((?<values>[^()]*)\\)$`), (key, list) => oneOf('In', key, list)],
  [
    new RegExp(`^(?<key>${KEY})\\s+notin\\s*\\((?<values>[^()]*)\\)$`),
    (key, list) => oneOf('NotIn', key, list),
  ],
  [new RegExp(`^!\\s*(?<key>${KEY})$`), (key) => ({ key, operator: 'DoesNotExist' })],
  [new RegExp(`^(?<key>${KEY})$`), (key) => ({ key, operator: 'Exists' })],
];

function oneOf(operator: 'In' | 'NotIn', key: string, list: string): Requirement {
  return { key, operator, values: list.split(',').map((value) => value.trim()) };
}

/**
 * Parses a label selector as text: `app=web,tier!=db,env in (a,b),!old`. All requirements must be met. Fails with the
 * invalid requirement.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#list-and-watch-filtering
 */
export function parseSelector(text: string): Result<LabelSelector, string> {
  const matchExpressions: Requirement[] = [];
  // A comma in parentheses belongs to a list.
  for (const part of text.split(/,(?![^(]*\))/)) {
    const requirement = requirementIn(part.trim());
    if (requirement === undefined) return failure(part.trim());
    matchExpressions.push(requirement);
  }
  return success({ matchExpressions });
}

function requirementIn(text: string): Requirement | undefined {
  for (const [form, requirementOf] of FORMS) {
    const groups = form.exec(text)?.groups;
    if (groups !== undefined) return requirementOf(groups['key'] ?? '', groups['values'] ?? '');
  }
  return undefined;
}
