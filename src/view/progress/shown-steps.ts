import { subjectId } from '../../plan/change.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Step } from '../../plan/step.ts';
import { isInternal } from './step-words.ts';

/**
 * The steps to show: all except internal ones. A change that consists of internal steps, such as undoing a `podman
 * rename`, is shown by its last step, so that every change is visible.
 */
export function shownSteps({ changes, steps }: Plan): readonly Step[] {
  const large = steps.filter((step) => !isInternal(step));
  const shown = new Set(large.map(({ cause }) => cause));
  const missing = new Set(changes.map(({ subject }) => subjectId(subject)).filter((id) => !shown.has(id)));
  const last = new Map(steps.flatMap((step) => (step.cause === undefined ? [] : [[step.cause, step.id]])));
  const isLast = ({ cause, id }: Step) => cause !== undefined && missing.has(cause) && last.get(cause) === id;
  return steps.filter((step) => !isInternal(step) || isLast(step));
}
