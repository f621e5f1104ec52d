import { isScalar } from 'yaml';
import { scalarLines, type ScalarLine } from './missing-space.ts';
import type { YamlError } from './yaml-error.ts';
import { rangeOf, type State } from './tree-state.ts';

export interface BrokenKey {
  readonly error: YamlError;
  readonly lines: readonly ScalarLine[];
}

/** A plain scalar that the library parsed as a key with an error: without a value, or over several lines. */
export function brokenKey(state: State, key: unknown): BrokenKey | undefined {
  if (state.errors.size === 0 || !isScalar(key) || key.type !== 'PLAIN') return undefined;
  const [start, end] = rangeOf(key);
  const error = state.errors.get(start);
  const isBroken = error?.code === 'MISSING_CHAR' || error?.code === 'MULTILINE_IMPLICIT_KEY';
  return !isBroken ? undefined : { error, lines: scalarLines(state.text, start, end) };
}
