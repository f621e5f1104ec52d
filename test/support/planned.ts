import { failure, success, type Result } from '../../src/base/result.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { planUp, type UpInput } from '../../src/plan/plan-up.ts';

/** Plans with a completely known state: it is a mistake of the test if the planner needs more queries. */
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
