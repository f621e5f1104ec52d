import { defined } from '../../base/defined.ts';
import type { JsonObject } from '../../base/json-members.ts';
import type { WorkloadHistory, WorkloadObject } from './workload.ts';

const CHANGE_CAUSE = 'kubernetes.io/change-cause';
const LIMIT = 10;

/**
 * What the pods of a workload record of it; undefined for a Job, which has a record of its own. The earlier templates of a
 * ReplicaSet or ReplicationController are not kept, as on a cluster.
 */
export function historyOf(object: WorkloadObject): WorkloadHistory | undefined {
  if (object.kind === 'Job') return undefined;
  const { metadata, spec } = object.value;
  const fixed = fixedFields(object);
  return {
    template: spec?.template ?? {},
    limit: Math.max(0, limitOf(object)),
    ...defined({
      changeCause: metadata?.annotations?.[CHANGE_CAUSE],
      fixed: Object.keys(fixed).length === 0 ? undefined : fixed,
    }),
  };
}

function limitOf(object: WorkloadObject): number {
  switch (object.kind) {
    case 'Deployment':
    case 'DaemonSet':
    case 'StatefulSet':
      return object.value.spec?.revisionHistoryLimit ?? LIMIT;
    default:
      return 0;
  }
}

/** ValidateStatefulSetUpdate in pkg/apis/apps/validation; without its pods, other ordinals are other pods. */
const OF_STATEFUL_SET = ['serviceName', 'podManagementPolicy', 'volumeClaimTemplates', 'ordinals'] as const;

function fixedFields(object: WorkloadObject): JsonObject {
  const spec = object.kind === 'StatefulSet' ? (object.value.spec ?? {}) : {};
  const fields = { selector: object.value.spec?.selector };
  const ofSet = Object.fromEntries(OF_STATEFUL_SET.map((name) => [name, spec[name]]));
  // The schema has checked it: it is JSON.
  return JSON.parse(JSON.stringify({ ...fields, ...ofSet })) as JsonObject;
}
