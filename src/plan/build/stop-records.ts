import type { ObservedContainer, ObservedPod } from '../../podman/inspect/observed.ts';
import { recordCreationOf } from '../../podman/container-record.ts';
import { decodeOwner, isOfJob } from '../../podman/labels.ts';
import { lastAppliedContainer } from '../../podman/last-applied.ts';
import type { RecordStop } from '../../podman/operations/container.ts';
import { withRecords } from '../decide/found-containers.ts';

/**
 * Records of the running containers that would count as completed after a stop, if they end with 0 on SIGTERM. A Job counts the
 * end of its pods, as on a cluster (getNewFinishedPods in pkg/controller/job/job_controller.go).
 * @param members all existing containers of the pod
 */
export function stopRecords(
  { labels }: Pick<ObservedPod, 'labels'>,
  members: readonly ObservedContainer[],
): readonly RecordStop[] {
  if (isOfJob({ owner: decodeOwner(labels) })) return [];
  return withRecords(members).flatMap((container) => {
    const { owner, state, startedAt } = container;
    if (owner?.role !== 'container' || state !== 'running') return [];
    if (lastAppliedContainer(container.labels)?.restartPolicy === 'Always') return [];
    const creation = recordCreationOf(container, members);
    return creation === undefined ? [] : [{ kind: 'record-stop', ...creation, stoppedRun: startedAt }];
  });
}
