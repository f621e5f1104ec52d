import { planDown, type DownInput } from '../../plan/plan-down.ts';
import { observe, observeSecrets } from '../../podman/observe.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { carryOut, NO_SECRETS } from '../carry-out.ts';
import { wholeNumber } from '../option-values.ts';
import { projectLock, type ProjectLock } from '../project-lock.ts';
import { progressOption } from '../progress-option.ts';
import type { Session, Verb } from '../session.ts';
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
  const control = stopControl(world);
  const lock = projectLock(session, 'down', control);
  try {
    const found = await find(session, lock);
    if (typeof found === 'number') return found;
    const plan = planDown({
      ...found,
      ...(graceSeconds.value === undefined ? {} : { graceSeconds: graceSeconds.value }),
    });
    if (plan.steps.length === 0) {
      world.stderr.write(`Nothing to take down: there is nothing of the project '${plan.project}'.\n`);
      return EXIT.done;
    }
    return await carryOut(session, plan, { progress: progress.value, control, retryUntil: 0 }, NO_SECRETS);
  } finally {
    lock.release();
    control.release();
  }
};

/** Finds out what is to be taken down, and looks at it once nobody else changes it. */
async function find(session: Session, lock: ProjectLock): Promise<DownInput | ExitCode> {
  const run = await session.runner();
  // The first look is needed only to find the project that pods belong to.
  for (let isOurs = false; ; isOurs = true) {
    const [observed, secrets] = await Promise.all([
      observe(run, session.podman),
      observeSecrets(run, session.podman),
    ]);
    if (!observed.ok) {
      session.tell(observed.error);
      return EXIT.failed;
    }
    const target = findTarget(session, observed.value);
    if (!target.ok) {
      session.tell(target.error);
      return EXIT.usage;
    }
    if (isOurs) {
      if (secrets.ok) return { ...target.value, observed: { ...observed.value, secrets: secrets.value } };
      session.tell(secrets.error);
      return EXIT.failed;
    }
    if (!(await lock.wait(target.value.project))) return EXIT.interrupted;
  }
}
