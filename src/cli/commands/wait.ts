import { success } from '../../base/result.ts';
import { failed } from '../../engine/failure.ts';
import { stopControl } from '../../engine/stop-control.ts';
import { waitForPods } from '../../engine/wait-for-pods.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { mistakesIn, targetOptions } from '../options.ts';
import { duration, text } from '../parse/option-values.ts';
import { waitCondition } from '../parse/wait-condition.ts';
import { podNames } from '../pod-kind.ts';

/** Seconds without `--timeout`, as in kubectl. */
const TIMEOUT_SECONDS = 30;

/** `podpose wait`: waits for a condition of pods, as kubectl does. */
export const wait: Command = {
  run: async (context) => {
    const { engine, platform, values } = context;
    const condition = waitCondition(text(values, 'for'));
    const timeout = duration(values, 'timeout');
    const operands = podNames('wait', context.operands);
    if (!condition.ok || !timeout.ok || !operands.ok)
      return failed('usage', mistakesIn(condition, timeout, operands));
    const control = stopControl(platform);
    try {
      const end = await waitForPods(engine, {
        ...targetOptions({ values, operands: operands.value }),
        condition: condition.value,
        timeout: (timeout.value ?? TIMEOUT_SECONDS) * 1000,
        stop: control.stop,
        onMet: (pod) => {
          platform.stdout.write(`pod/${pod} condition met\n`);
        },
      });
      if (end.ok) return success(EXIT.done);
      return end.error.isUnchanged === true ? failed('interrupted', []) : end;
    } finally {
      control.release();
    }
  },
};
