import { execute } from '../apply/execute.ts';
import type { Plan } from '../plan/plan.ts';
import { renderOutcome } from '../report/outcome.ts';
import { openProgress, type ProgressKind } from '../report/progress.ts';
import { askAbilities } from './ask-abilities.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { Session } from './session.ts';
import type { StopControl } from './stop-control.ts';

export interface CarryOutOptions {
  readonly progress: ProgressKind;
  readonly control: StopControl;
  /** When, on the clock, a failing init container is not tried again any more. */
  readonly retryUntil: number;
}

/** Carries a plan out, shows how it goes, and says what came of it. */
export async function carryOut(session: Session, plan: Plan, options: CarryOutOptions): Promise<ExitCode> {
  const { world, podman } = session;
  if (plan.steps.length === 0) {
    world.stderr.write('Nothing to do: everything is as it should be.\n');
    return EXIT.done;
  }
  const can = await askAbilities(session);
  if (typeof can === 'number') return can;
  const progress = await openProgress(options.progress, {
    terminal: world.stderr,
    paint: session.paintErr,
    verbose: session.verbose,
    clock: world.clock,
  });
  const outcome = await execute(plan, {
    run: await session.runner(),
    podman,
    can,
    clock: world.clock,
    emit: progress.emit,
    // podman commands are bound by the processor; a few more than there are cores fill the waits between.
    concurrency: Math.max(2, world.cpus),
    stop: options.control.stop,
    kill: options.control.kill,
    retryUntil: options.retryUntil,
  });
  await progress.close();
  // The lines of JSON have said it all.
  if (options.progress !== 'json')
    world.stderr.write(renderOutcome(outcome, { project: plan.project, paint: session.paintErr }));
  switch (outcome.status) {
    case 'done':
      return EXIT.done;
    case 'interrupted':
      return EXIT.interrupted;
    case 'failed':
    case 'timeout':
      return EXIT.failed;
  }
}
