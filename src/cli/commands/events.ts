import { escapeUnsafe } from '../../base/sanitize.ts';
import { success } from '../../base/result.ts';
import { queryEngine } from '../../engine/engine.ts';
import { failed, type EngineResult } from '../../engine/failure.ts';
import { joinEvents, podEvent, type PodEvent } from '../../engine/pod-events.ts';
import {
  findEventsTarget,
  followEvents,
  followWatcherEvents,
  readEvents,
  readWatcherEvents,
} from '../../engine/read-events.ts';
import { stopControl, unlessStopped } from '../../engine/stop-control.ts';
import { eventItem, eventRow, renderEventList, renderEvents } from '../../view/status/events.ts';
import type { Command, CommandContext } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { targetOptions } from '../options.ts';
import { choice, flag } from '../parse/option-values.ts';
import { podNames } from '../pod-kind.ts';
import { readOnly } from '../read-only.ts';

/** `podpose events`: what has happened to pods in the last hour, in the columns of kubectl. */
export const events: Command = {
  run: async (context) => {
    const output = choice(context.values, 'output', ['json']);
    if (!output.ok) return failed('usage', output.error);
    const operands = podNames('events', context.operands);
    if (!operands.ok) return failed('usage', operands.error);
    const given = { ...context, operands: operands.value };
    const isJson = output.value === 'json';
    if (flag(context.values, 'follow')) return follow(given, isJson);
    return readOnly((reading) => show(reading, isJson))(given);
  },
};

async function show(context: CommandContext, isJson: boolean): Promise<EngineResult<ExitCode>> {
  const { engine, platform, paintOut, say } = context;
  const target = await findEventsTarget(engine, targetOptions(context));
  if (!target.ok) return target;
  const read = await readEvents(engine, target.value);
  if (!read.ok) return read;
  const joined = joinEvents(read.value, await readWatcherEvents(engine, target.value));
  const now = platform.today() / 1000;
  platform.stdout.write(isJson ? renderEventList(joined) : renderEvents(joined, now, paintOut));
  if (joined.length === 0 && !isJson)
    say(`No events of project '${target.value.project}' in the last hour.\n`);
  return success(EXIT.done);
}

async function follow(context: CommandContext, isJson: boolean): Promise<EngineResult<ExitCode>> {
  const { engine, platform } = context;
  const control = stopControl(platform);
  const print = (event: PodEvent | undefined) => {
    const line =
      isJson && event !== undefined
        ? `${escapeUnsafe(JSON.stringify(eventItem(event)))}\n`
        : eventRow(event, platform.today() / 1000);
    platform.stdout.write(line);
  };
  try {
    const finding = findEventsTarget(queryEngine(engine, control.stop), targetOptions(context));
    const target = await unlessStopped(finding, control.stop);
    if (!target.ok) return target.error.isUnchanged === true ? failed('interrupted', []) : target;
    if (!isJson) print(undefined);
    void followWatcherEvents(engine, target.value, control.stop, print);
    const end = await followEvents(engine, target.value, control.stop, (event) => {
      const one = podEvent(event);
      if (one !== undefined) print(one);
    });
    return end.ok ? success(EXIT.interrupted) : end;
  } finally {
    control.release();
  }
}
