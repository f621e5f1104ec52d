import { planDown } from '../../plan/plan-down.ts';
import { observe } from '../../podman/observe.ts';
import { EXIT } from '../exit-codes.ts';
import { carryOut } from '../carry-out.ts';
import { wholeNumber } from '../option-values.ts';
import { progressOption } from '../progress-option.ts';
import type { Verb } from '../session.ts';
import { stopControl } from '../stop-control.ts';
import { findTarget } from '../target.ts';

/** `podpose down`: stops and removes what the project owns. Volumes that hold data stay. */
export const down: Verb = async (session) => {
  const { world, values } = session;
  const progress = progressOption(session);
  const graceSeconds = wholeNumber(values, 'time');
  if (!progress.ok || !graceSeconds.ok) {
    session.tell([...(progress.ok ? [] : progress.error), ...(graceSeconds.ok ? [] : graceSeconds.error)]);
    return EXIT.usage;
  }
  const observed = await observe(await session.runner(), session.podman);
  if (!observed.ok) {
    session.tell(observed.error);
    return EXIT.failed;
  }
  const target = findTarget(session, observed.value);
  if (!target.ok) {
    session.tell(target.error);
    return EXIT.usage;
  }
  const plan = planDown({
    ...target.value,
    observed: observed.value,
    ...(graceSeconds.value === undefined ? {} : { graceSeconds: graceSeconds.value }),
  });
  if (plan.steps.length === 0) {
    world.stderr.write(`Nothing to take down: there is nothing of the project '${plan.project}'.\n`);
    return EXIT.done;
  }
  const control = stopControl(world);
  try {
    return await carryOut(session, plan, {
      progress: progress.value,
      control,
      retryUntil: 0,
    });
  } finally {
    control.release();
  }
};
