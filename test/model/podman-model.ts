import type { Operation } from '../../src/podman/operations/operation.ts';
import { effectsOf } from './commands.ts';
import type { Outcome } from './lifecycle.ts';
import type { ModelState } from './state.ts';

export { observe, type Shuffle } from './observe.ts';
export { emptyState, type ModelState, type Release } from './state.ts';

/** Carries an operation out from its beginning to its end, or to where podman refuses something. */
export function apply(state: ModelState, operation: Operation): Outcome {
  let current = state;
  for (const { happen } of effectsOf(operation)) {
    const { state: after, failure } = happen(current);
    current = { ...after, now: after.now + 1 };
    if (failure !== undefined) return { state: current, failure };
  }
  return { state: current };
}
