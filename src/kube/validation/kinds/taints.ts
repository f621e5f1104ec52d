import type { FieldPath } from '../../../base/path.ts';
import type { Finding } from '../finding.ts';
import { checkLabelKey, checkLabelValue } from '../label-selector.ts';

/** A mark of a node that keeps pods away. */
export interface Taint {
  readonly key?: string;
  readonly value?: string;
  readonly effect?: string;
}

/** The values of `effect`. */
export const TAINT_EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** Keys and values of taints, and pairs of key and effect that occur twice (validateNodeTaints). */
export function* checkTaints(taints: readonly Taint[], list: FieldPath): Iterable<Finding> {
  const seen = new Set<string>();
  for (const [index, { key, value = '', effect }] of taints.entries()) {
    const path = [...list, index];
    if (key !== undefined) yield* checkLabelKey(key, [...path, 'key']);
    yield* checkLabelValue(value, [...path, 'value']);
    if (key === undefined || effect === undefined) continue;
    const pair = `${effect} ${key}`;
    if (seen.has(pair))
      yield { code: 'duplicate-value', path, message: `duplicate taint '${key}' with effect '${effect}'` };
    seen.add(pair);
  }
}
