import { applyPlan, NO_SECRETS } from '../../engine/apply-project.ts';
import { queryEngine } from '../../engine/engine.ts';
import { failed, usageError } from '../../engine/failure.ts';
import { planKill } from '../../engine/kill.ts';
import { stopControl, unlessStopped } from '../../engine/stop-control.ts';
import { showOutcome } from '../apply.ts';
import type { Command } from '../command.ts';
import { text } from '../parse/option-values.ts';

/** `podpose kill`: sends a signal to containers. */
export const kill: Command = {
  run: async (context) => {
    const { platform, engine, values, operands } = context;
    if (operands.length === 0) return failed('usage', [missingContainer]);
    const options = {
      project: text(values, 'project'),
      namespace: text(values, 'namespace'),
      operands,
      signal: text(values, 'signal') ?? 'SIGKILL',
    };
    const control = stopControl(platform);
    try {
      const plan = await unlessStopped(planKill(queryEngine(engine, control.stop), options), control.stop);
      if (!plan.ok) return plan;
      const outcome = await applyPlan(engine, plan.value, { control, retryUntil: 0 }, NO_SECRETS);
      return showOutcome(context, plan.value.project, outcome);
    } finally {
      control.release();
    }
  },
};

const missingContainer = usageError(
  'missing-argument',
  'kill needs a pod or a container',
  'For example: podpose kill -s HUP web/nginx',
);
