import type { Plan } from '../plan/plan.ts';
import type { Step } from '../plan/step.ts';
import { withLastingAnswers } from '../podman/client/lasting-answers.ts';
import type { ExecuteContext } from './context.ts';
import { isRestart, stopReason, type Outcome, type SkipReason, type StepFailure } from './events.ts';
import { policyOf } from '../podman/operations/registry.ts';
import { runStep, undo } from './run-step.ts';

/**
 * Executes a plan: runs each step once all steps it needs have succeeded, in parallel where possible. If a step fails,
 * only the steps that need it are skipped. Makes no decisions beyond the plan.
 */
export async function execute(plan: Plan, given: ExecuteContext): Promise<Outcome> {
  const context: ExecuteContext = { ...given, podman: withLastingAnswers(given.podman) };
  const { emit, stop, concurrency } = context;
  emit({ kind: 'plan-started', plan });
  const pending = new Map(plan.steps.map((step) => [step.id, step]));
  const running = new Map<string, Promise<void>>();
  const succeeded: Step[] = [];
  const failed: { readonly step: Step; readonly failure: StepFailure }[] = [];
  const skipped: Step[] = [];
  const undone: { readonly step: Step; readonly isUndone: boolean }[] = [];
  const done = new Set<string>();
  /** Failed and skipped: steps that need them are skipped. */
  const notDone = new Set<string>();

  const skip = (step: Step, because: SkipReason) => {
    pending.delete(step.id);
    notDone.add(step.id);
    skipped.push(step);
    emit({ kind: 'step-skipped', step, because });
    for (const before of succeeded)
      if (before.undoUnless === step.id) running.set(before.id, rollBack(before));
  };
  const rollBack = async (step: Step) => {
    undone.push({ step, isUndone: await undo(step.undo ?? [], context) });
    running.delete(step.id);
  };
  const isReady = ({ needs, after = [] }: Step) =>
    needs.every((id) => done.has(id)) && after.every((id) => done.has(id) || notDone.has(id));
  let load = 0;
  const start = async (step: Step) => {
    const startedAt = context.clock.now();
    const failure = await runStep(step, context);
    load -= loadOf(step);
    const seconds = (context.clock.now() - startedAt) / 1000;
    if (failure === undefined) {
      done.add(step.id);
      succeeded.push(step);
      emit({ kind: 'step-succeeded', step, seconds });
      // The step that it prepares may have been skipped in the meantime.
      if (step.undoUnless !== undefined && notDone.has(step.undoUnless)) await rollBack(step);
    } else {
      (isRestart(failure) ? done : notDone).add(step.id);
      failed.push({ step, failure });
      emit({ kind: 'step-failed', step, seconds, failure });
    }
    running.delete(step.id);
  };
  const emitStopping = () => {
    if (pending.size + running.size > 0) emit({ kind: 'stopping', because: stopReason(stop) });
  };
  stop.addEventListener('abort', emitStopping, { once: true });

  while (pending.size > 0 || running.size > 0) {
    for (const step of [...pending.values()]) {
      if (stop.aborted) skip(step, stopReason(stop));
      else if (step.needs.some((id) => notDone.has(id))) skip(step, 'needs-failed');
      else if (load + loadOf(step) <= concurrency && isReady(step)) {
        pending.delete(step.id);
        load += loadOf(step);
        running.set(step.id, start(step));
      }
    }
    if (running.size > 0) await Promise.race(running.values());
  }

  stop.removeEventListener('abort', emitStopping);
  const wasStopped =
    stop.aborted && (skipped.length > 0 || failed.some(({ failure }) => failure.kind === 'stopped'));
  const hasFailed = failed.some(({ failure }) => !isRestart(failure));
  const status = wasStopped ? stopReason(stop) : hasFailed ? 'failed' : 'done';
  const outcome: Outcome = { status, succeeded, failed, skipped, undone };
  emit({ kind: 'plan-finished', outcome });
  return outcome;
}

/** A command that stops containers or waits for the start of one uses no CPU. */
const LOAD_OF_WAITING = 1 / 4;

function loadOf({ operation }: Step): number {
  const { stops, waits, awaits, awaitsReady } = policyOf(operation);
  return [stops, waits, awaits, awaitsReady].every((one) => one === undefined) ? 1 : LOAD_OF_WAITING;
}
