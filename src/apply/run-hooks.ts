import { abortController } from '../base/abort.ts';
import type { Step } from '../plan/step.ts';
import type { HookWork } from '../podman/operations/hook-work.ts';
import { namesOf } from '../podman/operations/hook-work.ts';
import { startWithHook } from './failed-hook.ts';
import type { ExecuteContext } from './context.ts';
import { stopped, type StepFailure } from './events.ts';
import { runPostStart, terminate } from './hooks.ts';
import { killStoppingContainers } from './kill-stopping.ts';

/**
 * Runs the hooks of a step. A stop request cuts off a postStart hook, which has no time limit. The second one kills the
 * containers of a termination.
 */
export async function runHooks(
  work: HookWork,
  step: Step,
  context: ExecuteContext,
): Promise<StepFailure | undefined> {
  const { kill, stop } = context;
  if (stop.aborted) return stopped(stop);
  if ('postStart' in work) return startWithHook(work.postStart, step, context);
  const ended = abortController();
  const containers = namesOf(work.termination);
  const abandoned = new Promise<StepFailure>((resolve) => {
    const abandon = () => {
      resolve(stopped(stop));
    };
    const onKill = () =>
      void killStoppingContainers({ containers }, { kill: abandon }, ended.signal, context);
    kill.addEventListener('abort', onKill, { once: true, signal: ended.signal });
  });
  const failure = await Promise.race([carryOutHooks(work, context, kill), abandoned]);
  ended.abort('ended');
  return failure;
}

/** @param cancel cuts off a postStart hook */
export async function carryOutHooks(
  work: HookWork,
  context: ExecuteContext,
  cancel: AbortSignal,
): Promise<StepFailure | undefined> {
  if ('termination' in work) {
    const error = await terminate(work.termination, context);
    return error && { kind: 'command', diagnostic: error };
  }
  const end = await runPostStart(work.postStart, context, cancel);
  if (end === 'succeeded') return undefined;
  return end === 'cut-off' ? stopped(context.stop) : { kind: 'command', diagnostic: end };
}
