import type { JsonObject } from '../../base/json-members.ts';
import type { CheckedDocument, CheckedObject, Incomplete } from '../../manifest/checked-document.ts';
import type { PodTemplateSpec } from '../../manifest/schema/generated/kubernetes.ts';
import { workloadKinds, type WorkloadKind } from '../../manifest/kinds.ts';
import { podsOfJob } from './job-pods.ts';
import type { Rollout } from './rollout.ts';

/** A workload of the manifests. */
export type WorkloadObject = { readonly [K in WorkloadKind]: CheckedObject<K> }[WorkloadKind];

/** A workload as the planner sees it: which pods are its own, and how they replace each other. */
export interface Workload {
  /** kubectl's short name of the kind, and the name: `deploy/web`, in another namespace `deploy/staging_web`. */
  readonly owner: string;
  /** The beginning of the names of the pods with the current template; all of its pods for a StatefulSet. */
  readonly podPrefix: string;
  /** The number of pods that the manifest asks for. */
  readonly replicas: number;
  /** The beginnings of the names of the claims of its pods, which are kept without their pods. */
  readonly claimPrefixes: readonly string[];
  readonly rollout: Rollout;
  /** Absent for a workload whose earlier templates are not kept. */
  readonly history?: WorkloadHistory;
}

/** What the pods of a workload record of its template. */
export interface WorkloadHistory {
  readonly template: Incomplete<PodTemplateSpec>;
  /** The number of earlier templates to keep. */
  readonly limit: number;
  /** The annotation kubernetes.io/change-cause. */
  readonly changeCause?: string;
  /** The fields of its spec besides the template that cannot change, such as its selector. */
  readonly fixed?: JsonObject;
}

export function isWorkload(document: CheckedDocument): document is CheckedDocument & WorkloadObject {
  return workloadKinds.some((kind) => kind === document.kind);
}

/** The number of pods that the manifest asks for; a DaemonSet has one on each node, which is this machine. */
export function replicasOf(workload: WorkloadObject): number {
  switch (workload.kind) {
    case 'DaemonSet':
      return 1;
    case 'Job':
      return podsOfJob(workload);
    default:
      return workload.value.spec?.replicas ?? 1;
  }
}
