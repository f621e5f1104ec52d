import type { DesiredContainer, DesiredPod } from '../../kube/spec/desired.ts';
import { isTerminationMount } from '../../kube/spec/termination-message.ts';
import { podVolumeName } from '../../podman/names.ts';
import type { Operation } from '../../podman/operations/operation.ts';
import { volumeOrigin } from '../../podman/inspect/volume-origin.ts';
import type { Step } from '../step.ts';

/** Creates the subPaths that a container mounts, and the file of its termination message. */
export function subPathSteps(
  pod: Pick<DesiredPod, 'name'>,
  container: Pick<DesiredContainer, 'name' | 'role' | 'volumeMounts'>,
  cause: string,
  needs: readonly string[],
): readonly Step[] {
  return container.volumeMounts.flatMap((mount, index): readonly Step[] => {
    const { mountPath, subPath } = mount;
    const from = volumeOrigin(pod, mount);
    // An image is read-only: no subPath can be created in it.
    if (subPath === undefined || from.type === 'image') return [];
    const id = `sub-path/${pod.name}/${container.name}${mountPath}`;
    const names = { pod: pod.name, container: container.name, role: container.role };
    const operation: Operation = isTerminationMount(mount)
      ? { kind: 'make-termination-log', ...names, volume: podVolumeName(pod, mount) }
      : { kind: 'make-sub-path', ...names, from, mount, index, subPath };
    return [{ id, needs, cause, operation }];
  });
}
