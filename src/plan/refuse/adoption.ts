import { podMembers } from '../../podman/inspect/pod-members.ts';
import type { DesiredPod } from '../../kube/spec/desired.ts';
import { containerName } from '../../podman/names.ts';
import type { ObservedContainer, ObservedState } from '../../podman/inspect/observed.ts';

/**
 * Reasons not to adopt a pod that `podman kube play` created from the same manifest. Empty if it can be adopted: it must
 * have exactly the containers of the manifest, with their names and images.
 */
export function adoptionMisfits(pod: DesiredPod, observed: ObservedState): readonly string[] {
  const existingContainers = new Map(
    podMembers(pod.name, observed.containers).map((container) => [container.name, container]),
  );
  const misfits: string[] = [];
  for (const container of [...pod.initContainers, ...pod.containers]) {
    const name = containerName(pod, container);
    const existing = existingContainers.get(name);
    existingContainers.delete(name);
    // kube play removes some init containers after they have completed.
    if (existing === undefined && container.role === 'init') continue;
    if (existing === undefined) misfits.push(`it has no container ${name}`);
    else if (!runsImage(existing, container.image, observed))
      misfits.push(`its container ${name} runs ${existing.image} and not ${container.image}`);
  }
  return [
    ...misfits,
    ...[...existingContainers.keys()].sort().map((name) => `its container ${name} is not in the manifest`),
  ];
}

/** Also true if the image name refers to a newer image: the container is then replaced. */
function runsImage(
  { image, imageId }: ObservedContainer,
  wanted: string,
  { images }: Pick<ObservedState, 'images'>,
): boolean {
  const current = images.find(({ names }) => names.includes(wanted));
  return image === wanted || current?.id === imageId || current?.names.includes(image) === true;
}
