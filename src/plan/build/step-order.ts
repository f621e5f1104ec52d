import { subjectId } from '../change.ts';
import type { Step } from '../step.ts';

/** Sorts steps so that each follows the steps it needs, and keeps their order otherwise. */
export function inOrder(steps: readonly Step[]): readonly Step[] {
  const own = new Set(steps.map(({ id }) => id));
  const placed = new Set<string>();
  const sorted: Step[] = [];
  for (;;) {
    // One at a time: a step that has become ready precedes later steps of the list.
    const next = steps.find(
      ({ id, needs }) => !placed.has(id) && needs.every((need) => placed.has(need) || !own.has(need)),
    );
    if (next === undefined) break;
    placed.add(next.id);
    sorted.push(next);
  }
  if (sorted.length < steps.length) throw new Error('circular needs of steps');
  return sorted;
}

/** The steps that change a pod and its containers. */
export function stepsOfPod(pod: string, steps: readonly Step[]): readonly Step[] {
  const id = subjectId({ kind: 'pod', pod });
  return steps.filter(({ cause = '' }) => cause === id || cause.startsWith(`${id} `));
}

/** The steps, of which the first ones also need others. */
export function startingAfter(steps: readonly Step[], needs: readonly string[]): readonly Step[] {
  if (needs.length === 0) return steps;
  const own = new Set(steps.map(({ id }) => id));
  return steps.map((step) =>
    step.needs.some((need) => own.has(need))
      ? step
      : { ...step, needs: [...new Set([...step.needs, ...needs])] },
  );
}
