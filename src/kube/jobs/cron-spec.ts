import { defined } from '../../base/defined.ts';
import type { Incomplete } from '../../manifest/checked-document.ts';
import type { CronJobSpec } from '../../manifest/schema/generated/kubernetes.ts';
import type { CronSpec } from './cron-controller.ts';

/** The spec of a CronJob that the checks have accepted, with the defaults of SetDefaults_CronJob in pkg/apis/batch/v1. */
export function cronSpecOf(spec: Incomplete<CronJobSpec>): CronSpec {
  return {
    schedule: spec.schedule ?? '',
    concurrencyPolicy: spec.concurrencyPolicy ?? 'Allow',
    suspend: spec.suspend === true,
    successfulJobsHistoryLimit: spec.successfulJobsHistoryLimit ?? 3,
    failedJobsHistoryLimit: spec.failedJobsHistoryLimit ?? 1,
    ...defined({ timeZone: spec.timeZone, startingDeadlineSeconds: spec.startingDeadlineSeconds }),
  };
}
