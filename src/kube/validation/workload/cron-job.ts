import type { CheckedObject } from '../../../manifest/checked-document.ts';
import type { Finding } from '../finding.ts';
import { forbiddenField } from '../fields.ts';
import { checkSchedule } from './cron-schedule.ts';
import { checkJobSpec } from './job.ts';
import { checkNotNegative } from './numbers.ts';
import { createdName, warnOfPodNames } from './pod-names.ts';
import { checkTimeZone } from './time-zone.ts';

/** In characters: a Job gets a suffix of 11, and the name of a Job has at most 63. */
const LONGEST_NAME = 52;

/** ValidateCronJobCreate in pkg/apis/batch/validation. */
export function* checkCronJob(object: CheckedObject<'CronJob'>): Iterable<Finding> {
  const { length } = createdName(object);
  if (length > LONGEST_NAME)
    yield {
      code: 'invalid-name',
      path: ['metadata', 'name'],
      message: `must have at most ${LONGEST_NAME} characters, got ${length}: its Jobs get a longer name`,
    };
  else yield* warnOfPodNames(object);
  const { spec } = object.value;
  if (spec === undefined) return;
  if (spec.schedule !== undefined) yield* checkSchedule(spec.schedule, ['spec', 'schedule']);
  yield* checkTimeZone(spec.timeZone, ['spec', 'timeZone']);
  const numbers = [
    'startingDeadlineSeconds',
    'successfulJobsHistoryLimit',
    'failedJobsHistoryLimit',
  ] as const;
  yield* checkNotNegative(spec, numbers, ['spec']);
  const job = spec.jobTemplate?.spec;
  if (job === undefined) return;
  const path = ['spec', 'jobTemplate', 'spec'];
  yield* checkJobSpec(object, job, path);
  const why = 'each Job of a CronJob gets a selector of its own';
  if (job.selector !== undefined) yield forbiddenField([...path, 'selector'], why);
  if (job.manualSelector === true) yield forbiddenField([...path, 'manualSelector'], why);
}
