import { success } from '../../base/result.ts';
import { failed } from '../../engine/failure.ts';
import { observeStatus, readMessages } from '../../engine/pod-status.ts';
import { viewPods, type PodView } from '../../engine/pod-facts.ts';
import { noPodsMessage, renderPs, type PsFormat } from '../../view/status/ps.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { targetOptions } from '../options.ts';
import { choice, flag } from '../parse/option-values.ts';
import { readOnly } from '../read-only.ts';

/** `podpose ps`: pods and containers as kubectl would show them. */
export const ps: Command = {
  run: readOnly(async (context) => {
    const { engine, platform, values, say, paintOut } = context;
    const output = choice(values, 'output', ['wide', 'json', 'yaml', 'name']);
    if (!output.ok) return failed('usage', output.error);
    const all = flag(values, 'all');
    const status = await observeStatus(engine, { ...targetOptions(context), all });
    if (!status.ok) return status;
    const { observed, target, known } = status.value;
    const selection = all ? {} : target;
    const format: PsFormat = flag(values, 'quiet') ? 'ids' : (output.value ?? 'table');
    const views = viewPods(observed, selection, known);
    const shown = SHOWS_MESSAGES.includes(format)
      ? viewPods(observed, selection, known, await readMessages(engine, endedIn(views)))
      : views;
    const now = platform.today() / 1000;
    platform.stdout.write(renderPs(shown, format, { now, allProjects: all, paint: paintOut }));
    if (views.length === 0 && (format === 'table' || format === 'wide'))
      say(noPodsMessage(all ? undefined : target.project));
    return success(EXIT.done);
  }),
};

const SHOWS_MESSAGES: readonly PsFormat[] = ['wide', 'json', 'yaml'];

function endedIn(views: readonly PodView[]) {
  return views
    .flatMap(({ initContainers, containers }) => [...initContainers, ...containers])
    .flatMap(({ observed, status }) =>
      observed !== undefined && status.state.kind === 'terminated' ? [observed] : [],
    );
}
