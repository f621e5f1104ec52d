import { defined } from '../../base/defined.ts';
import { success } from '../../base/result.ts';
import { queryEngine } from '../../engine/engine.ts';
import { failed } from '../../engine/failure.ts';
import { findLogs, readLogs } from '../../engine/read-logs.ts';
import { stopControl, unlessStopped } from '../../engine/stop-control.ts';
import type { LogStart } from '../../podman/logs/record.ts';
import { logPrinter } from '../../view/log-printer.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { mistakesIn, targetOptions } from '../options.ts';
import { flag, pointInTime, texts, wholeNumber } from '../parse/option-values.ts';

/** `podpose logs`: container logs, init containers first, as far as podman still has them. */
export const logs: Command = {
  run: async (context) => {
    const { engine, platform, values, colourOut } = context;
    const tail = wholeNumber(values, 'tail');
    const since = pointInTime(values, 'since', platform.today());
    if (!tail.ok || !since.ok) return failed('usage', mistakesIn(tail, since));
    const options = { ...targetOptions(context), containers: texts(values, 'container') };
    const start: LogStart = defined({ tail: tail.value, since: since.value });
    const control = stopControl(platform);
    try {
      // Waits for podman without a time limit. A signal ends the wait and the query.
      const querying = queryEngine(engine, control.stop);
      const sources = await unlessStopped(findLogs(querying, options), control.stop);
      if (!sources.ok) return sources.error.isUnchanged === true ? failed('interrupted', []) : sources;
      const printer = logPrinter(
        {
          stdout: platform.stdout,
          isColoured: colourOut,
          noPrefix: flag(values, 'no-prefix'),
          timestamps: flag(values, 'timestamps'),
        },
        sources.value,
      );
      const isFollowed = flag(values, 'follow');
      const end = await readLogs(querying, sources.value, { start, isFollowed, control }, printer);
      return end.ok ? success(EXIT.done) : end;
    } finally {
      control.release();
    }
  },
};
