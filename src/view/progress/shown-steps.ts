import { subjectId } from '../../plan/change.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Step } from '../../plan/step.ts';
import { isPlumbing } from './step-words.ts';

/**
 * The steps that are worth a line: all but the small ones. A change that consists of small steps alone, such as undoing a
 * `podman rename`, is shown by its last step: whatever a plan changes is seen when it is changed.
 */
export function shownSteps({ changes, steps }: Plan): readonly Step[] {
  const large = steps.filter((step) => !isPlumbing(step));
  const told = new Set(large.map(({ cause }) => cause));
  const untold = new Set(changes.map(({ subject }) => subjectId(subject)).filter((id) => !told.has(id)));
  const last = new Map(steps.flatMap((step) => (step.cause === undefined ? [] : [[step.cause, step.id]])));
  const isLast = ({ cause, id }: Step) => cause !== undefined && untold.has(cause) && last.get(cause) === id;
  return steps.filter((step) => !isPlumbing(step) || isLast(step));
}
