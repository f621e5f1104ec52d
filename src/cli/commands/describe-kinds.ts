import { success } from '../../base/result.ts';
import type { EngineResult } from '../../engine/failure.ts';
import { joinEvents } from '../../engine/pod-events.ts';
import { readEvents, readWatcherEvents } from '../../engine/read-events.ts';
import { describeCronJob } from '../../view/status/describe-jobs.ts';
import { describeService, describeWorkload } from '../../view/status/describe-kinds.ts';
import { noPodsMessage } from '../../view/status/no-pods.ts';
import type { CommandContext } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { ListedObjects } from '../listed-kinds.ts';
import { describeViews } from './describe-pods.ts';
import { findObjects, namedOf } from './find-objects.ts';

/** Describes workloads, Services and pods of a project. */
export async function describeKinds(
  context: CommandContext,
  listed: readonly ListedObjects[],
): Promise<EngineResult<ExitCode>> {
  const { engine, platform, say } = context;
  const found = await findObjects(context, listed, false);
  if (!found.ok) return found;
  const { objects, target } = found.value;
  const shown = listed.map((one) => namedOf(one, objects));
  const [ofPodman, ofWatcher] = await Promise.all([
    readEvents(engine, target),
    readWatcherEvents(engine, target),
  ]);
  const events = joinEvents(ofPodman.ok ? ofPodman.value : [], ofWatcher);
  const now = platform.today() / 1000;
  const texts = shown.flatMap(({ views, services, workloads, cronJobs }) => [
    ...describeViews(views, ofPodman.ok ? ofPodman.value : [], ofWatcher, platform),
    ...services.map(describeService),
    ...cronJobs.map(describeCronJob),
    ...workloads.map((workload) => {
      const names = new Set(workload.pods.map(({ observed }) => observed.name));
      const own = events.filter(({ pod }) => names.has(pod));
      return describeWorkload(workload, own, now);
    }),
  ]);
  platform.stdout.write(texts.join('\n\n'));
  if (texts.length === 0) say(noPodsMessage(target.project));
  return success(EXIT.done);
}
