import type { Outcome } from '../apply/events.ts';
import { execute } from '../apply/execute.ts';
import type { Plan } from '../plan/plan.ts';
import type { SecretKeeper } from '../kube/config/secret-keeper.ts';
import { isConflict } from '../podman/errors.ts';
import { renderOutcome } from '../view/progress/outcome.ts';
import { jsonProgress } from '../view/progress/json.ts';
import { openProgress } from '../view/progress/progress.ts';
import { dependsOnVersion } from '../podman/operations/command.ts';
import { capabilitiesOf, OLDEST_PODMAN } from '../podman/inspect/version.ts';
import { askCapabilities } from './ask-capabilities.ts';
import { EXIT, type ExitCode } from '../cli/exit-code.ts';
import type { Session } from '../cli/session.ts';
import type { StopControl } from './stop-control.ts';

export interface CarryOutOptions {
  readonly control: StopControl;
  /** When, on the clock, a failing init container is not tried again any more. */
  readonly retryUntil: number;
}

/** For a plan that hands no secrets over. */
export const NO_SECRETS: Secrets = { reveal: () => undefined, redact: (text) => text };

type Secrets = Pick<SecretKeeper, 'reveal' | 'redact'>;

/** How often it is looked again at most, and how long what is under way is given before that. */
const LOOKS = 5;
const BEFORE_LOOK_MILLISECONDS = 500;

/**
 * Carries a plan out, shows how it goes, and says what came of it.
 * @param lookAgain plans once more. The commands of a podpose that was killed end without it, and so perhaps just
 *   after this one has looked: what then is in the way is a reason to look again, and not to fail.
 */
export async function carryOut(
  session: Session,
  plan: Plan,
  options: CarryOutOptions,
  secrets: Secrets,
  lookAgain?: () => Promise<Plan | ExitCode>,
): Promise<ExitCode> {
  const { platform } = session;
  const { control } = options;
  if (plan.steps.length === 0)
    return doNothing(session, plan, 'Nothing to do: everything is as it should be.\n');
  let current = plan;
  for (let look = 1; ; look++) {
    const outcome = await walk(session, current, options, secrets);
    if (typeof outcome === 'number') return outcome;
    const report = () => {
      // The lines of JSON have said it all.
      if (session.progress !== 'json')
        platform.stderr.write(renderOutcome(outcome, { project: plan.project, paint: session.paintErr }));
    };
    if (lookAgain === undefined || look === LOOKS || !metConflict(outcome)) {
      report();
      return exitCodeOf(outcome);
    }
    session.say('Something else was at work on the same things: looking again.\n');
    await platform.clock.sleep(BEFORE_LOOK_MILLISECONDS, control.stop);
    const next = await lookAgain();
    if (typeof next === 'number') {
      // The question was cancelled, and nothing has been said of that.
      if (!control.stop.aborted) return next;
      report();
      return control.stop.reason === 'timeout' ? EXIT.failed : EXIT.interrupted;
    }
    current = next;
  }
}

/** Tells that a plan has no steps. For programs it starts and finishes like any other. */
export function doNothing({ platform, progress, say }: Session, plan: Plan, words: string): ExitCode {
  if (progress !== 'json') say(words);
  else {
    const emit = jsonProgress({ terminal: platform.stderr });
    emit({ kind: 'plan-started', plan });
    emit({
      kind: 'plan-finished',
      outcome: { status: 'done', succeeded: [], failed: [], skipped: [], undone: [] },
    });
  }
  return EXIT.done;
}

async function walk(
  session: Session,
  plan: Plan,
  options: CarryOutOptions,
  secrets: Secrets,
): Promise<Outcome | ExitCode> {
  const { platform, podman } = session;
  const capabilities = plan.steps.some(({ operation }) => dependsOnVersion(operation))
    ? await askCapabilities(session)
    : capabilitiesOf(OLDEST_PODMAN);
  if (typeof capabilities === 'number') return capabilities;
  const progress = await openProgress(session.progress, {
    terminal: platform.stderr,
    paint: session.paintErr,
    verbose: session.verbose,
    clock: platform.clock,
  });
  const outcome = await execute(plan, {
    run: session.run,
    podman,
    capabilities,
    secrets,
    clock: platform.clock,
    emit: progress.emit,
    // podman commands are bound by the processor; twice as many as there are cores fill the waits between.
    concurrency: 2 * platform.machine.cpus,
    stop: options.control.stop,
    kill: options.control.kill,
    retryUntil: options.retryUntil,
  });
  await progress.close();
  return outcome;
}

function metConflict({ status, failed }: Outcome): boolean {
  return (
    status === 'failed' &&
    failed.every(({ failure }) => failure.kind === 'command' && isConflict(failure.diagnostic))
  );
}

function exitCodeOf({ status }: Outcome): ExitCode {
  switch (status) {
    case 'done':
      return EXIT.done;
    case 'interrupted':
      return EXIT.interrupted;
    case 'failed':
    case 'timeout':
      return EXIT.failed;
  }
}
