import { defined } from '../../base/defined.ts';
import type { WorkloadHistory, WorkloadObject } from './workload.ts';

const CHANGE_CAUSE = 'kubernetes.io/change-cause';
const LIMIT = 10;

/** What the pods of a workload record of its template; undefined for one whose pods keep their names when it changes. */
export function historyOf(object: WorkloadObject): WorkloadHistory | undefined {
  if (object.kind !== 'Deployment' && object.kind !== 'DaemonSet') return undefined;
  const { metadata, spec } = object.value;
  return {
    template: spec?.template ?? {},
    limit: Math.max(0, spec?.revisionHistoryLimit ?? LIMIT),
    ...defined({ changeCause: metadata?.annotations?.[CHANGE_CAUSE] }),
  };
}
