import type { StepLock } from '../apply/context.ts';
import { stopReason, type Outcome } from '../apply/events.ts';
import { preStopWarning, type HookContext } from '../apply/hooks.ts';
import { execute } from '../apply/execute.ts';
import { defined } from '../base/defined.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { success } from '../base/result.ts';
import type { SecretKeeper } from '../kube/config/secret-keeper.ts';
import { WATCH_DEFAULTS, type WatchSettings } from '../kubelet/watched.ts';
import type { Plan } from '../plan/plan.ts';
import { addresslessPods, metConflict } from './conflicts.ts';
import { holdEndpoints } from './endpoints-lock.ts';
import { keepDeadlinesWhileApplying } from './apply-deadlines.ts';
import { askCapabilities, type Engine } from './engine.ts';
import { addCommandEvent, backOffNotice, hookNotice } from './saved-reports.ts';
import type { EngineResult } from './failure.ts';
import { openHookRunner } from './hook-runner.ts';
import { reportHooks } from './running-hooks.ts';
import type { StopControl } from './stop-control.ts';
import { recordFailedStarts } from './record-failed-starts.ts';
import { removeFailedNames } from './remove-failed-names.ts';
import { watchWhileApplying } from './apply-watch.ts';

export interface ApplyOptions {
  readonly control: StopControl;
  /** Deadline, in milliseconds on the clock, for retries of failing init containers. */
  readonly retryUntil: number;
  /** Lets others change the project while init containers run. */
  readonly lock?: StepLock;
  /** How containers are restarted while the plan is applied. Absent if podman restarts the containers. */
  readonly watching?: WatchSettings;
}

/** How a plan is replaced that met a conflict. */
export interface Replanning {
  /**
   * Observes and plans again.
   * @param addressless podman's names of the pods of Services whose address is in use
   */
  readonly planAgain: (addressless: ReadonlySet<string>) => Promise<EngineResult<Plan>>;
  /** podman's names of the pods whose host ports podpose has chosen. One that something took since is a conflict. */
  readonly placedPods?: ReadonlySet<string>;
}

type Secrets = Pick<SecretKeeper, 'reveal' | 'redact'>;

export { NO_SECRETS } from './no-secrets.ts';

/** Maximum number of plans, and the pause before planning again. */
const PLANS = 5;
const BEFORE_NEXT_PLAN_MILLISECONDS = 500;

/**
 * Applies a plan and reports its progress.
 * @param replanning after a conflict. Commands of a killed podpose keep running, and may finish after this one observed
 *   podman: their results are a reason to plan again, not to fail.
 */
export async function applyPlan(
  engine: Engine,
  plan: Plan,
  options: ApplyOptions,
  secrets: Secrets,
  replanning?: Replanning,
): Promise<EngineResult<Outcome>> {
  const { control } = options;
  let current = plan;
  for (let count = 1; ; count++) {
    const outcome = await applyOnce(engine, current, options, secrets);
    if (!outcome.ok || replanning === undefined || count === PLANS) return outcome;
    if (!metConflict(outcome.value, current, replanning.placedPods)) return outcome;
    engine.host.emit({ kind: 'planning-again' });
    await engine.platform.clock.sleep(BEFORE_NEXT_PLAN_MILLISECONDS, control.stop);
    const next = await replanning.planAgain(addresslessPods(outcome.value));
    // The query was cancelled. The steps applied so far still need a report.
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
  { control, retryUntil, watching, lock }: ApplyOptions,
  secrets: Secrets,
): Promise<EngineResult<Outcome>> {
  const { platform, podman, host } = engine;
  const capabilities = await askCapabilities(engine);
  if (!capabilities.ok) return capabilities;
  const view = await host.openApplyView();
  const hooks = openHookRunner(platform, podman);
  const warnings: Diagnostic[] = [];
  const own: HookContext = {
    ...{ podman, capabilities: capabilities.value, clock: platform.clock, runHook: hooks.runHook },
    kill: control.kill,
    onHookFailed: (failure) => {
      addCommandEvent(platform, plan.project, hookNotice(failure));
      if (failure.hook === 'preStop') warnings.push(preStopWarning(failure));
    },
  };
  const deadlines = keepDeadlinesWhileApplying(engine, plan.project, { ...own, stop: control.kill });
  const watch = watchWhileApplying(engine, plan, watching, deadlines.areKept);
  const hookReport = reportHooks(platform, plan);
  const releaseEndpoints = await holdEndpoints(platform, plan, control.stop);
  const outcome = await execute(plan, {
    ...own,
    secrets,
    emit: (event) => {
      watch.onEvent(event);
      hookReport.onEvent(event);
      deadlines.onEvent(event);
      const backOff = backOffNotice(event);
      if (backOff !== undefined) addCommandEvent(platform, plan.project, backOff);
      view.emit(event);
    },
    // podman commands are CPU-bound. Two per core make use of their waiting times.
    concurrency: 2 * platform.machine.cpus,
    stop: control.stop,
    retryUntil,
    settings: watching ?? WATCH_DEFAULTS,
    sidecars: watch,
    deadlines,
    ...defined({ lock }),
  });
  await deadlines.end();
  releaseEndpoints();
  hooks.close();
  await hookReport.close();
  await watch.end();
  const ofProject = { project: plan.project, capabilities: capabilities.value, stop: control.kill };
  await removeFailedNames(engine, outcome, ofProject);
  if (watching !== undefined) await recordFailedStarts(engine, outcome, { ...ofProject, settings: watching });
  await view.close();
  if (warnings.length > 0) host.emit({ kind: 'diagnostics', diagnostics: warnings });
  return success(outcome);
}
