import { checkAutoscaler } from '../workload/autoscaler.ts';
import { checkDisruptionBudget } from '../workload/budget.ts';
import { checkCronJob } from '../workload/cron-job.ts';
import { checkJob } from '../workload/job.ts';
import { checkRevision } from '../workload/revision.ts';
import { setChecks } from '../workload/sets.ts';
import { checkStatefulSet } from '../workload/stateful-set.ts';
import type { KindChecks } from './kind-checks.ts';

export const workloadChecks: KindChecks = {
  ...setChecks,
  ControllerRevision: checkRevision,
  CronJob: checkCronJob,
  HorizontalPodAutoscaler: checkAutoscaler,
  Job: checkJob,
  PodDisruptionBudget: checkDisruptionBudget,
  StatefulSet: checkStatefulSet,
};
