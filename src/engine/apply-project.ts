import { stopReason, type Outcome } from '../apply/events.ts';
import { execute } from '../apply/execute.ts';
import { success } from '../base/result.ts';
import type { SecretKeeper } from '../kube/config/secret-keeper.ts';
import type { Plan } from '../plan/plan.ts';
import { isConflict } from '../podman/errors.ts';
import { askCapabilities, type Engine } from './engine.ts';
import type { EngineResult } from './failure.ts';
import type { StopControl } from './stop-control.ts';

export interface ApplyOptions {
  readonly control: StopControl;
  /** When, on the clock, a failing init container is not tried again any more. */
  readonly retryUntil: number;
}

type Secrets = Pick<SecretKeeper, 'reveal' | 'redact'>;

/** For a plan that hands no secrets over. */
export const NO_SECRETS: Secrets = { reveal: () => undefined, redact: (text) => text };

/** How often a plan is made at most, and how long what is under way is given before it is made again. */
const PLANS = 5;
const BEFORE_NEXT_PLAN_MILLISECONDS = 500;

/**
 * Applies a plan, and shows how it goes.
 * @param planAgain makes the plan once more. The commands of a podpose that was killed end without it, and so perhaps just
 *   after this one has observed podman: what is then in the way is a reason to observe again, and not to fail.
 */
export async function applyPlan(
  engine: Engine,
  plan: Plan,
  options: ApplyOptions,
  secrets: Secrets,
  planAgain?: () => Promise<EngineResult<Plan>>,
): Promise<EngineResult<Outcome>> {
  const { control } = options;
  let current = plan;
  for (let count = 1; ; count++) {
    const outcome = await applyOnce(engine, current, options, secrets);
    const isLast = planAgain === undefined || count === PLANS;
    if (!outcome.ok || isLast || !metConflict(outcome.value)) return outcome;
    engine.host.emit({ kind: 'planning-again' });
    await engine.platform.clock.sleep(BEFORE_NEXT_PLAN_MILLISECONDS, control.stop);
    const next = await planAgain();
    // The query was cancelled, and nothing has been said of what was done before.
    if (!next.ok && control.stop.aborted)
      return success({ ...outcome.value, status: stopReason(control.stop) });
    if (!next.ok) return next;
    current = next.value;
    if (current.steps.length === 0) engine.host.emit({ kind: 'nothing-left' });
  }
}

async function applyOnce(
  engine: Engine,
  plan: Plan,
  { control, retryUntil }: ApplyOptions,
  secrets: Secrets,
): Promise<EngineResult<Outcome>> {
  const { platform, podman, host } = engine;
  const capabilities = await askCapabilities(engine);
  if (!capabilities.ok) return capabilities;
  const view = await host.openApplyView();
  const outcome = await execute(plan, {
    podman,
    capabilities: capabilities.value,
    secrets,
    clock: platform.clock,
    emit: view.emit,
    // podman commands are bound by the processor; twice as many as there are cores fill the waits between.
    concurrency: 2 * platform.machine.cpus,
    stop: control.stop,
    kill: control.kill,
    retryUntil,
  });
  await view.close();
  return success(outcome);
}

function metConflict({ status, failed }: Outcome): boolean {
  return (
    status === 'failed' &&
    failed.every(({ failure }) => failure.kind === 'command' && isConflict(failure.diagnostic))
  );
}
