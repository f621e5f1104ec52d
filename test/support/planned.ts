import { failure, success, type Result } from '../../src/base/result.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { planUp, type UpInput } from '../../src/plan/plan-up.ts';

/** Plans with a state that is known whole: that something has to be known first is a mistake of the test. */
export function planKnown(input: UpInput): Result<Plan> {
  const planning = planUp(input);
  switch (planning.kind) {
    case 'plan':
      return success(planning.plan);
    case 'refused':
      return failure(planning.diagnostics);
    case 'needs':
      throw new Error(`the planner needs ${[...planning.needs].join(', ')}`);
  }
}
