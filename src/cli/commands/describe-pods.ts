import { joinEvents, type PodEvent } from '../../engine/pod-events.ts';
import type { PodView } from '../../engine/pod-facts.ts';
import type { ContainerEvent } from '../../podman/inspect/events.ts';
import { describePod } from '../../view/status/describe.ts';
import type { CommandContext } from '../command.ts';

/** The descriptions of pods, each with its own events. */
export function describeViews(
  views: readonly PodView[],
  ofPodman: readonly ContainerEvent[],
  ofWatcher: readonly PodEvent[],
  platform: Pick<CommandContext['platform'], 'today' | 'machine'>,
): readonly string[] {
  return views.map((view) => {
    // Those of an earlier pod with the same name are of another object, as for kubectl.
    const isOwn = (pod: string, at: number) =>
      pod === view.observed.name && at >= Math.floor(view.createdAt ?? 0);
    const own = joinEvents(
      ofPodman.filter(({ pod, at }) => isOwn(pod, at)),
      ofWatcher.filter(({ pod, last }) => isOwn(pod, last)),
    );
    return describePod(view, platform.machine.hostname, own, platform.today() / 1000);
  });
}
