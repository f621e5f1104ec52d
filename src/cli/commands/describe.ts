import { success } from '../../base/result.ts';
import { failed } from '../../engine/failure.ts';
import { observeStatus, readMessages } from '../../engine/pod-status.ts';
import { joinEvents } from '../../engine/pod-events.ts';
import { viewPods } from '../../engine/pod-facts.ts';
import { readEvents, readWatcherEvents } from '../../engine/read-events.ts';
import { describePod } from '../../view/status/describe.ts';
import { noPodsMessage } from '../../view/status/no-pods.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { targetOptions } from '../options.ts';
import { podNames } from '../pod-kind.ts';
import { readOnly } from '../read-only.ts';

/** `podpose describe pod NAME`: pods in the layout of kubectl. */
export const describe: Command = {
  run: readOnly(async (context) => {
    const { engine, platform, values, say } = context;
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
    const now = platform.today() / 1000;
    const texts = views.map((view) => {
      // Those of an earlier pod with the same name are of another object, as for kubectl.
      const isOwn = (pod: string, at: number) =>
        pod === view.observed.name && at >= Math.floor(view.createdAt ?? 0);
      const own = joinEvents(
        ofPodman.filter(({ pod, at }) => isOwn(pod, at)),
        ofWatcher.filter(({ pod, last }) => isOwn(pod, last)),
      );
      return describePod(view, platform.machine.hostname, own, now);
    });
    platform.stdout.write(texts.join('\n\n'));
    if (views.length === 0) say(noPodsMessage(target.project));
    return success(EXIT.done);
  }),
};
