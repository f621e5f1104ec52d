import { defined } from '../../base/defined.ts';
import { success } from '../../base/result.ts';
import { applyPlan, NO_SECRETS } from '../../engine/apply-project.ts';
import { checkStart } from '../../engine/check-start.ts';
import { queryEngine } from '../../engine/engine.ts';
import { killedByHooks, restartWarnings } from '../../engine/failed-hooks.ts';
import { failed } from '../../engine/failure.ts';
import { projectLock } from '../../engine/project-lock.ts';
import {
  planStartStop,
  planStartStopAgain,
  type PlannedStartStop,
  type StartStopOptions,
} from '../../engine/start-stop.ts';
import { stopControl, unlessStopped } from '../../engine/stop-control.ts';
import { noPodsMessage } from '../../view/status/no-pods.ts';
import { showNothingToDo, showOutcome } from '../apply.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { targetOptions, watcherSettings } from '../options.ts';
import { wholeNumber } from '../parse/option-values.ts';
import { RETRY_SECONDS } from '../retry-seconds.ts';
import { watchInBackground } from '../watch-in-background.ts';

/** `podpose stop`: stops pods within their grace periods, and keeps them. */
export const stop = command('stop');

/** `podpose start`: starts stopped pods as they were created, init containers first. */
export const start = command('start');

/** `podpose restart`: stops and starts pods, or containers of a pod. */
export const restart = command('restart');

function command(action: StartStopOptions['action']): Command {
  return {
    run: async (context) => {
      const { platform, engine, values } = context;
      const graceSeconds = wholeNumber(values, 'time');
      if (!graceSeconds.ok) return failed('usage', graceSeconds.error);
      const watching = watcherSettings(context);
      const isWatched = watching !== undefined;
      const options = { ...targetOptions(context), action, graceSeconds: graceSeconds.value, isWatched };
      const control = stopControl(platform);
      const lock = projectLock(engine, action, control);
      try {
        const planning = planStartStop(queryEngine(engine, control.stop), options, lock);
        const planned = await unlessStopped(planning, control.stop);
        if (!planned.ok) return planned;
        const { plan, containers } = planned.value;
        if (plan.steps.length === 0)
          return showNothingToDo(context, plan, nothingToDo(action, planned.value));
        const retryUntil = platform.clock.now() + RETRY_SECONDS * 1000;
        const planAgain = () => planStartStopAgain(queryEngine(engine, control.stop), planned.value, options);
        const outcome = await applyPlan(
          engine,
          plan,
          { control, retryUntil, ...defined({ watching }) },
          NO_SECRETS,
          { planAgain },
        );
        const shown = showOutcome(context, plan.project, outcome);
        // With the lock: a watcher must not restart a container that has failed before it is seen.
        const isToCheck = action !== 'stop' && shown.ok && shown.value === EXIT.done;
        const killed = outcome.ok ? killedByHooks(outcome.value) : [];
        if (outcome.ok && shown.ok && shown.value === EXIT.done)
          context.report(restartWarnings(outcome.value));
        const checked = isToCheck
          ? await checkStart(engine, plan, containers, control, killed)
          : success(undefined);
        lock.release();
        if (action !== 'stop') await watchInBackground(context, plan.project);
        if (!checked.ok) return checked;
        return shown.ok ? success(shown.value) : shown;
      } finally {
        lock.release();
        control.release();
      }
    },
  };
}

function nothingToDo(
  action: StartStopOptions['action'],
  { pods, plan, containers, missing }: PlannedStartStop,
): string {
  if (pods.length === 0) return noPodsMessage(plan.project);
  const are = pods.length === 1 ? 'is' : 'are';
  const state = action === 'stop' ? 'stopped' : 'running or completed';
  const running = new Set(
    containers.flatMap(({ owner, state: now }) =>
      owner?.role === 'container' && now === 'running' ? [owner.pod] : [],
    ),
  );
  // What ends with 0 when it is stopped looks completed, too.
  const completed = action === 'stop' ? [] : pods.filter((pod) => !running.has(pod));
  const hint =
    completed.length === 0
      ? ''
      : ` 'podpose -p ${plan.project} restart ${completed.join(' ')}' runs ${completed.length === 1 ? 'it' : 'them'} again.`;
  const absent =
    action === 'stop' || missing.length === 0
      ? ''
      : ` Not created: ${missing.join(', ')}. 'podpose up -d FILE' creates ${missing.length === 1 ? 'it' : 'them'}.`;
  return `Nothing to do: ${pods.join(', ')} ${are} ${state}.${absent}${hint}\n`;
}
