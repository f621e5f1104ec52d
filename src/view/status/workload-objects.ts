import { defined } from '../../base/defined.ts';
import type { PodView } from '../../engine/pod-facts.ts';
import { kindOfOwner } from '../../kube/workloads/owner.ts';
import { apiVersionOf, type WorkloadKind } from '../../manifest/kinds.ts';
import { podRevisions, type RevisionRecord } from '../../podman/revisions-record.ts';
import type { WorkloadView } from './kind-tables.ts';
import { nameMembers, ownerUid } from './object-metadata.ts';

/** Kubernetes' own annotation of Deployments. */
const REVISION = 'deployment.kubernetes.io/revision';
const CHANGE_CAUSE = 'kubernetes.io/change-cause';

/**
 * A workload with the template of its newest pods. Fields of its spec that may change without a pod are not recorded, and
 * left out. Undefined without a record of its template and selector.
 */
export function workloadItem(workload: WorkloadView): object | undefined {
  const kind = kindOfOwner(workload.owner);
  const latest = latestOf(workload);
  const [first] = workload.pods;
  if (kind === undefined || latest === undefined || first === undefined) return undefined;
  const { revision, template, changeCause, fixed } = latest;
  if (fixed === undefined && kind !== 'ReplicationController') return undefined;
  const counts = countsOf(workload, latest);
  const annotations = defined({
    [REVISION]: kind === 'Deployment' ? `${revision}` : undefined,
    [CHANGE_CAUSE]: changeCause,
  });
  return {
    apiVersion: apiVersionOf(kind),
    kind,
    metadata: {
      ...nameMembers(workload),
      uid: ownerUid(first.project, workload.owner),
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    spec: {
      ...defined({ replicas: kind === 'DaemonSet' ? undefined : counts.asked }),
      ...fixed,
      template,
    },
    status: STATUS[kind](counts),
  };
}

/** The numbers of pods in each state. */
interface Counts {
  readonly asked: number;
  readonly total: number;
  readonly ready: number;
  /** With the newest template. */
  readonly updated: number;
}

function countsOf({ pods }: WorkloadView, latest: RevisionRecord): Counts {
  const total = pods.length;
  const updated = pods.filter((pod) => recordOf(pod)?.revision === latest.revision).length;
  // While pods are replaced, there may be more of them, or fewer.
  const asked = updated === total ? total : (latest.replicas ?? total);
  const ready = pods.filter(({ status }) => status.ready === status.total).length;
  return { asked, total, ready, updated };
}

type Status = (counts: Counts) => object;

const setStatus: Status = ({ total, ready }) => ({
  ...{ replicas: total, fullyLabeledReplicas: total, readyReplicas: ready, availableReplicas: ready },
});

const STATUS: Readonly<Record<WorkloadKind, Status>> = {
  Deployment: ({ asked, total, ready, updated }) => ({
    ...{ replicas: total, updatedReplicas: updated, readyReplicas: ready, availableReplicas: ready },
    unavailableReplicas: Math.max(0, Math.max(asked, total) - ready),
  }),
  // This machine is the only node.
  DaemonSet: ({ total, ready, updated }) => ({
    ...{ desiredNumberScheduled: 1, currentNumberScheduled: Math.min(1, total), numberMisscheduled: 0 },
    ...{ numberReady: Math.min(1, ready), numberAvailable: Math.min(1, ready) },
    ...{ updatedNumberScheduled: Math.min(1, updated), numberUnavailable: ready > 0 ? 0 : 1 },
  }),
  ReplicaSet: setStatus,
  ReplicationController: setStatus,
  StatefulSet: ({ total, ready, updated }) => ({
    ...{ replicas: total, readyReplicas: ready, availableReplicas: ready, updatedReplicas: updated },
  }),
  Job: () => ({}),
};

/** The record of the newest of the newest pods. */
function latestOf({ pods }: WorkloadView): RevisionRecord | undefined {
  return pods
    .flatMap((pod) => {
      const record = recordOf(pod);
      return record === undefined ? [] : [{ record, createdAt: pod.observed.createdAt ?? 0 }];
    })
    .sort((a, b) => a.record.revision - b.record.revision || a.createdAt - b.createdAt)
    .at(-1)?.record;
}

function recordOf({ observed, initContainers, containers }: PodView): RevisionRecord | undefined {
  return podRevisions(
    observed,
    [...initContainers, ...containers].flatMap((one) => one.observed ?? []),
  );
}
