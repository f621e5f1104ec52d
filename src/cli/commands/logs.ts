import { defined } from '../../base/defined.ts';
import { success } from '../../base/result.ts';
import { queryEngine } from '../../engine/engine.ts';
import { failed, usageError, type EngineResult } from '../../engine/failure.ts';
import { findEventsTarget } from '../../engine/read-events.ts';
import { findLogs, readLogs } from '../../engine/read-logs.ts';
import { stopControl, unlessStopped } from '../../engine/stop-control.ts';
import { watcherName } from '../../engine/project-watcher.ts';
import type { LogStart } from '../../podman/logs/record.ts';
import { logPrinter } from '../../view/log-printer.ts';
import type { Command, CommandContext } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { mistakesIn, targetOptions } from '../options.ts';
import { flag, pointInTime, texts, wholeNumber } from '../parse/option-values.ts';

/** `podpose logs`: container logs, init containers first, as far as podman still has them. */
export const logs: Command = {
  run: async (context) => {
    const { engine, platform, values, colourOut } = context;
    if (flag(values, 'watcher')) return showWatcherLog(context);
    const tail = wholeNumber(values, 'tail');
    const since = pointInTime(values, 'since', platform.today());
    if (!tail.ok || !since.ok) return failed('usage', mistakesIn(tail, since));
    const options = { ...targetOptions(context), containers: texts(values, 'container') };
    const start: LogStart = defined({ tail: tail.value, since: since.value });
    const control = stopControl(platform);
    try {
      // Waits for podman without a time limit. A signal ends the wait and the query.
      const querying = queryEngine(engine, control.stop);
      const found = await unlessStopped(findLogs(querying, options), control.stop);
      if (!found.ok) return found.error.isUnchanged === true ? failed('interrupted', []) : found;
      const printer = logPrinter(
        {
          stdout: platform.stdout,
          isColoured: colourOut,
          noPrefix: flag(values, 'no-prefix'),
          timestamps: flag(values, 'timestamps'),
        },
        found.value.sources,
      );
      const isFollowed = flag(values, 'follow');
      const end = await readLogs(querying, found.value, { start, isFollowed, control }, printer);
      return end.ok ? success(EXIT.done) : end;
    } finally {
      control.release();
    }
  },
};

/** The options that the log of the watcher does not have. */
const OF_CONTAINERS = ['follow', 'since', 'container', 'timestamps', 'no-prefix'] as const;

/** `podpose logs --watcher`: what the process that restarts the containers has reported. */
async function showWatcherLog(context: CommandContext): Promise<EngineResult<ExitCode>> {
  const { engine, platform, values, say } = context;
  const unused = OF_CONTAINERS.find((name) => values[name] !== undefined);
  if (unused !== undefined)
    return failed('usage', [
      usageError('option-value', `--watcher does not support --${unused}`, `Omit --${unused}.`),
    ]);
  const tail = wholeNumber(values, 'tail');
  if (!tail.ok) return failed('usage', tail.error);
  const control = stopControl(platform);
  const finding = findEventsTarget(queryEngine(engine, control.stop), targetOptions(context));
  const target = await unlessStopped(finding, control.stop).finally(control.release);
  if (!target.ok) return target;
  const { project } = target.value;
  const text = await platform.background.readLog(watcherName(project));
  if (text === undefined) say(`No watcher of project '${project}' has run in the background.\n`);
  else platform.stdout.write(lastLines(text, tail.value));
  return success(EXIT.done);
}

function lastLines(text: string, count: number | undefined): string {
  const lines = text.split(/(?<=\n)/);
  return count === undefined ? text : lines.slice(Math.max(0, lines.length - count)).join('');
}
