import type { SecretKeeper } from '../config/secret-keeper.ts';
import type { SourcedPod } from '../pod-set.ts';
import type { DesiredPod } from '../spec/desired.ts';
import { namespaceOf, qualifiedName, qualifiedNameOf } from '../spec/qualified-name.ts';
import type { ExpandedJob } from '../workloads/expand.ts';
import { cronSpecOf } from './cron-spec.ts';
import { jobOwner, type DesiredJob, type SourcedCronJob, type SourcedJob } from './desired-job.ts';
import { jobSpecOf } from './job-spec.ts';
import { bundleOf, JOB_NAME, podFromTemplate } from './pod-template.ts';

/** The Jobs and CronJobs of the files. Those whose template has errors are left out. */
export interface SourcedJobs {
  readonly jobs: readonly SourcedJob[];
  readonly cronJobs: readonly SourcedCronJob[];
}

/** @param templateOf the converted template of a Job; undefined if it has errors */
export function sourcedJobs(
  expanded: readonly ExpandedJob[],
  templateOf: (job: ExpandedJob) => SourcedPod | undefined,
  keeper: SecretKeeper,
): SourcedJobs {
  const found = expanded.flatMap((one) => {
    const template = templateOf(one);
    return template === undefined ? [] : [{ one, template }];
  });
  return {
    jobs: found.flatMap(({ one, template }) =>
      one.cronJob === undefined ? [sourcedJob(one, template, keeper)] : [],
    ),
    cronJobs: found.flatMap(({ one, template }) =>
      one.cronJob === undefined ? [] : [sourcedCronJob(one, one.cronJob, template, keeper)],
    ),
  };
}

function sourcedJob(one: ExpandedJob, sourced: SourcedPod, keeper: SecretKeeper): SourcedJob {
  const name = qualifiedNameOf(one.object.value.metadata);
  const owner = jobOwner({ name });
  const template = { ...sourced.pod, owner };
  const job: DesiredJob = { name, ...partsOf(one, template, keeper) };
  const ofTemplate = { ...sourced, pod: template };
  return {
    job,
    spec: one.object.value.spec,
    template: ofTemplate,
    podOf: (suffix, index) => ({
      ...ofTemplate,
      pod: podFromTemplate(job, { suffix, index }, keeper),
    }),
  };
}

function sourcedCronJob(
  one: ExpandedJob,
  { value }: NonNullable<ExpandedJob['cronJob']>,
  sourced: SourcedPod,
  keeper: SecretKeeper,
): SourcedCronJob {
  const namespace = namespaceOf(value.metadata);
  const owner = jobOwner({ name: qualifiedName({ namespace, name: JOB_NAME }) });
  const template = { ...sourced.pod, owner };
  return {
    cronJob: {
      name: qualifiedNameOf(value.metadata),
      spec: cronSpecOf(value.spec ?? {}),
      job: partsOf(one, template, keeper),
    },
    spec: value.spec,
    template: { ...sourced, pod: template },
  };
}

function partsOf(
  { object, isSingle, hash }: ExpandedJob,
  template: DesiredPod,
  keeper: SecretKeeper,
): Omit<DesiredJob, 'name'> {
  const given = jobSpecOf(object.value.spec ?? {});
  const spec = isSingle ? { ...given, parallelism: Math.min(1, given.parallelism) } : given;
  return { hash, spec, template, ...bundleOf(template, keeper) };
}
