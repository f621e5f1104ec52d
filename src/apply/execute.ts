import type { Plan } from '../plan/plan.ts';
import type { Step } from '../plan/step.ts';
import type { ExecuteContext } from './context.ts';
import { stopReason, type Outcome, type SkipReason, type StepFailure } from './events.ts';
import { policyOf } from '../podman/operations/registry.ts';
import { runStep, undo } from './run-step.ts';

/**
 * Carries a plan out: runs every step whose needs are met, until nothing is left that can be run. It makes
 * no decisions of its own; a step that fails takes those that need it with it, and no others.
 */
export async function execute(plan: Plan, context: ExecuteContext): Promise<Outcome> {
  const { emit, stop, concurrency } = context;
  emit({ kind: 'plan-started', plan });
  const waiting = new Map(plan.steps.map((step) => [step.id, step]));
  const running = new Map<string, Promise<void>>();
  const succeeded: Step[] = [];
  const failed: { readonly step: Step; readonly failure: StepFailure }[] = [];
  const skipped: Step[] = [];
  const undone: { readonly step: Step; readonly isUndone: boolean }[] = [];
  const done = new Set<string>();
  const lost = new Set<string>();

  const skip = (step: Step, because: SkipReason) => {
    waiting.delete(step.id);
    lost.add(step.id);
    skipped.push(step);
    emit({ kind: 'step-skipped', step, because });
    for (const before of succeeded)
      if (before.undoUnless === step.id) running.set(before.id, takeBack(before));
  };
  const takeBack = async (step: Step) => {
    undone.push({ step, isUndone: await undo(step.undo ?? [], context) });
    running.delete(step.id);
  };
  let load = 0;
  const begin = async (step: Step) => {
    const startedAt = context.clock.now();
    const failure = await runStep(step, context);
    load -= loadOf(step);
    const seconds = (context.clock.now() - startedAt) / 1000;
    if (failure === undefined) {
      done.add(step.id);
      succeeded.push(step);
      emit({ kind: 'step-succeeded', step, seconds });
      // What it made way for may have been skipped meanwhile.
      if (step.undoUnless !== undefined && lost.has(step.undoUnless)) await takeBack(step);
    } else {
      lost.add(step.id);
      failed.push({ step, failure });
      emit({ kind: 'step-failed', step, seconds, failure });
    }
    running.delete(step.id);
  };
  const tellStop = () => {
    if (waiting.size + running.size > 0) emit({ kind: 'stopping', because: stopReason(stop) });
  };
  stop.addEventListener('abort', tellStop, { once: true });

  while (waiting.size > 0 || running.size > 0) {
    for (const step of [...waiting.values()]) {
      if (stop.aborted) skip(step, stopReason(stop));
      else if (step.needs.some((id) => lost.has(id))) skip(step, 'needs-failed');
      else if (load + loadOf(step) <= concurrency && step.needs.every((id) => done.has(id))) {
        waiting.delete(step.id);
        load += loadOf(step);
        running.set(step.id, begin(step));
      }
    }
    if (running.size > 0) await Promise.race(running.values());
  }

  stop.removeEventListener('abort', tellStop);
  const wasStopped =
    stop.aborted && (skipped.length > 0 || failed.some(({ failure }) => failure.kind === 'stopped'));
  const status = wasStopped ? stopReason(stop) : failed.length > 0 ? 'failed' : 'done';
  const outcome: Outcome = { status, succeeded, failed, skipped, undone };
  emit({ kind: 'plan-finished', outcome });
  return outcome;
}

/** A command that stops containers waits for them to end, and needs no processor meanwhile. */
const LOAD_OF_WAITING = 1 / 4;

function loadOf({ operation }: Step): number {
  return policyOf(operation).stops === undefined ? 1 : LOAD_OF_WAITING;
}
