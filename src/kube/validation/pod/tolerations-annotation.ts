import { defined } from '../../../base/defined.ts';
import { isList, isObject, type JsonObject } from '../../../base/json-members.ts';
import { parseJson } from '../../../base/parse-json.ts';
import type { Json } from '../../../base/stable-json.ts';
import { checkTolerations } from '../scheduling/tolerations.ts';

const TYPES = { key: 'string', operator: 'string', value: 'string', effect: 'string' } as const;
const OPERATORS = ['Exists', 'Equal', 'Gt', 'Lt'] as const;
const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const;

/**
 * Why an annotation is no list of tolerations in JSON, as it was before they became a field
 * (ValidateTolerationsInPodAnnotations in pkg/apis/core/validation).
 */
export function tolerationsProblem(text: string): string | undefined {
  const list = parseJson(text);
  if (list === null) return undefined;
  if (!isList(list)) return 'must be a list of tolerations in JSON';
  for (const [index, item] of list.entries()) {
    const problem = itemProblem(item);
    if (problem !== undefined) return `item ${index + 1} ${problem}`;
  }
  return undefined;
}

function itemProblem(item: Json): string | undefined {
  if (item !== null && !isObject(item)) return 'is not an object';
  const fields = lowerCased(item ?? {});
  for (const [field, type] of Object.entries(TYPES))
    if (fields.get(field) !== undefined && typeof fields.get(field) !== type) return `has a wrong '${field}'`;
  const seconds = fields.get('tolerationseconds');
  if (seconds !== undefined && !Number.isSafeInteger(seconds)) return "has a wrong 'tolerationSeconds'";
  const text = (field: string): string => {
    const value = fields.get(field);
    return typeof value === 'string' ? value : '';
  };
  const operator = OPERATORS.find((one) => one === text('operator'));
  const effect = EFFECTS.find((one) => one === text('effect'));
  if (operator === undefined && text('operator') !== '') return "has a wrong 'operator'";
  if (effect === undefined && text('effect') !== '') return "has a wrong 'effect'";
  const tolerationSeconds = typeof seconds === 'number' ? seconds : undefined;
  const toleration = {
    key: text('key'),
    value: text('value'),
    ...defined({ operator, effect, tolerationSeconds }),
  };
  const [found] = checkTolerations({ isPruned: () => false }, [toleration], []);
  return found === undefined ? undefined : `is invalid: ${String(found.path.at(-1))} ${found.message}`;
}

/** Go reads names of fields in any letter case, and null as left out. */
function lowerCased(item: JsonObject): ReadonlyMap<string, Json> {
  return new Map(
    Object.entries(item).flatMap(([key, value]) =>
      value === null ? [] : [[key.toLowerCase(), value] as const],
    ),
  );
}
