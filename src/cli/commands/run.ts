import { success } from '../../base/result.ts';
import { failed, usageError } from '../../engine/failure.ts';
import { projectLock } from '../../engine/project-lock.ts';
import { createRun, waitForRun } from '../../engine/run-cron-job.ts';
import { stopControl } from '../../engine/stop-control.ts';
import { ownerNamed } from '../../kube/workloads/owner.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { targetOptions, watcherSettings } from '../options.ts';
import { duration, flag } from '../parse/option-values.ts';
import { watchInBackground } from '../watch-in-background.ts';

/** Seconds of `--wait` without `--timeout`. */
const TIMEOUT_SECONDS = 300;

/** `podpose run cronjob/NAME`: creates a Job of a CronJob now, for the watcher. */
export const run: Command = {
  run: async (context) => {
    const { engine, platform, values, operands } = context;
    const [first = '', ...files] = operands;
    const owner = ownerNamed(first);
    const timeout = duration(values, 'timeout');
    if (!timeout.ok) return failed('usage', timeout.error);
    if (owner?.startsWith('cronjob/') !== true) return failed('usage', [NO_CRON_JOB]);
    const watching = watcherSettings(context);
    if (watching === undefined) return failed('failed', [NO_WATCHER]);
    const control = stopControl(platform, timeout.value ?? TIMEOUT_SECONDS);
    const lock = projectLock(engine, 'run', control);
    try {
      const target = targetOptions({ values, operands: files });
      const created = await createRun(engine, { target, owner, watching, stop: control.stop }, lock);
      lock.release();
      if (!created.ok) return created;
      const { project, job } = created.value;
      platform.stdout.write(`job/${job}\n`);
      await watchInBackground(context, project);
      if (!flag(values, 'wait')) return success(EXIT.done);
      const waited = await waitForRun(engine, created.value, control.stop);
      return waited.ok ? success(EXIT.done) : waited;
    } finally {
      lock.release();
      control.release();
    }
  },
};

const NO_CRON_JOB = usageError(
  'missing-argument',
  'run needs a CronJob',
  "For example: 'podpose run cronjob/report'.",
);

const NO_WATCHER = usageError(
  'no-watcher',
  'only the watcher runs the pods of Jobs, and there is none',
  'Unset PODPOSE_WATCH, and run podpose on the machine of the containers.',
);
