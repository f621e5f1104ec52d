import { success } from '../../base/result.ts';
import { failed } from '../../engine/failure.ts';
import { observeStatus, readMessages } from '../../engine/pod-status.ts';
import { viewPods } from '../../engine/pod-facts.ts';
import { readEvents, readWatcherEvents } from '../../engine/read-events.ts';
import { noPodsMessage } from '../../view/status/no-pods.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { listedObjects } from '../listed-kinds.ts';
import { targetOptions } from '../options.ts';
import { podNames } from '../pod-kind.ts';
import { readOnly } from '../read-only.ts';
import { describeKinds } from './describe-kinds.ts';
import { describeViews } from './describe-pods.ts';

/** `podpose describe pod NAME`: pods, workloads and Services in the layout of kubectl. */
export const describe: Command = {
  run: readOnly(async (context) => {
    const { engine, platform, values, say } = context;
    const listed = listedObjects(context.operands);
    if (listed !== undefined) return describeKinds(context, listed);
    const operands = podNames('describe', context.operands);
    if (!operands.ok) return failed('usage', operands.error);
    const options = { ...targetOptions({ values, operands: operands.value }), all: false, addresses: true };
    const status = await observeStatus(engine, options);
    if (!status.ok) return status;
    const { observed, target, known } = status.value;
    const ended = observed.containers.filter(({ state }) => state === 'exited');
    const views = viewPods(observed, target, known, await readMessages(engine, ended));
    const read = views.length === 0 ? success([]) : await readEvents(engine, target);
    // The description is complete without them.
    const ofPodman = read.ok ? read.value : [];
    const ofWatcher = await readWatcherEvents(engine, target);
    platform.stdout.write(describeViews(views, ofPodman, ofWatcher, platform).join('\n\n'));
    if (views.length === 0) say(noPodsMessage(target.project));
    return success(EXIT.done);
  }),
};
