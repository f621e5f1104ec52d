import type { Workload } from '../../kube/workloads/workload.ts';
import type { ContainersAndPods } from '../../podman/inspect/decode.ts';
import { decodeRevisions, revisionsMember } from '../../podman/revisions-record.ts';
import type { ContainerDecision, PodDecision } from '../decide/decision.ts';
import { nextRecord } from '../decide/revisions.ts';

/**
 * The decision about an existing pod of a StatefulSet, whose containers change inside of it: those that are created or
 * updated record the revision, as the labels of the pod cannot change.
 * @param observed the existing pods of the project
 */
export function withRevisions(
  decision: PodDecision,
  workload: Workload | undefined,
  observed: ContainersAndPods,
): PodDecision {
  const { current, init, containers } = decision;
  if (workload?.rollout.order.kind !== 'ordinal' || current === undefined) return decision;
  if (init.length + containers.length === 0) return decision;
  const record = nextRecord(workload, observed);
  if (record === undefined || decodeRevisions(current.labels)?.revision === record.revision) return decision;
  const member = revisionsMember(record);
  const recorded = (one: ContainerDecision): ContainerDecision => ({
    ...one,
    container: { ...one.container, declared: { ...one.container.declared, ...member } },
  });
  return { ...decision, init: init.map(recorded), containers: containers.map(recorded) };
}
