import { anyOf } from '../base/abort.ts';
import type { Step } from '../plan/step.ts';
import { definitionOf, policyOf } from '../podman/operations/registry.ts';
import type { ExecuteContext } from './context.ts';
import type { StepFailure } from './events.ts';

/** Runs a step that starts something in a pod, or waits for that. Fails at the deadline of the pod. */
export async function withinDeadline(
  step: Step,
  context: ExecuteContext,
  run: (context: ExecuteContext) => Promise<StepFailure | undefined>,
): Promise<StepFailure | undefined> {
  const { deadlines, stop } = context;
  const pod = startedPod(step);
  if (deadlines === undefined || pod === undefined) return run(context);
  const passed = deadlines.passed(pod);
  if (!passed.aborted) {
    const isAwaited = policyOf(step.operation).awaits !== undefined;
    const failure = await run({ ...context, passed, ...(isAwaited ? { stop: anyOf(stop, passed) } : {}) });
    if (failure === undefined || !hasPassed(passed) || stop.aborted) return failure;
  }
  return { kind: 'command', diagnostic: deadlines.error(pod) };
}

function startedPod({ operation }: Step): string | undefined {
  const { starts, awaits } = policyOf(operation);
  return starts !== undefined || awaits !== undefined
    ? definitionOf(operation).target(operation).pod
    : undefined;
}

/** A function, because the compiler assumes that `signal.aborted` does not change during `await`. */
function hasPassed(signal: AbortSignal): boolean {
  return signal.aborted;
}
