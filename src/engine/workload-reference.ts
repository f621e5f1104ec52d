import type { Diagnostic } from '../base/diagnostic.ts';
import { defined } from '../base/defined.ts';
import { suggest } from '../base/suggest.ts';
import { compareTexts } from '../base/text.ts';
import { objectName } from '../kube/spec/qualified-name.ts';
import { ownerNamed } from '../kube/workloads/owner.ts';
import { decodeOwner } from '../podman/labels.ts';
import {
  isCronJob,
  isJob,
  jobRecords,
  projectsWithJobs,
  recordNamespace,
  recordOwner,
} from '../podman/job-record.ts';
import { usageError } from './failure.ts';
import type { KnownPods } from './pod-reference.ts';

/**
 * Operands with the pods of a workload in its place: `deploy/web`. In `deploy/web pod/web-1`, as plans print it, the workload
 * says nothing more.
 */
export function withoutWorkloads(operands: readonly string[], known: KnownPods): readonly string[] {
  return operands.flatMap((operand, index) => {
    const owner = workloadNamed(operand, known);
    if (owner === undefined) return [operand];
    if (operands[index + 1]?.startsWith('pod/') === true) return [];
    return podsOfWorkload(owner, known).map((name) => `pod/${name}`);
  });
}

/** Why an operand names no workload; empty for the workload of a pod, and for anything else than a workload. */
export function missingWorkload(operand: string, known: KnownPods): readonly Diagnostic[] {
  const owner = workloadNamed(operand, known);
  if (owner === undefined || podsOfWorkload(owner, known).length > 0) return [];
  const owners = known.pods.flatMap(({ labels }) => decodeOwner(labels) ?? []);
  return [
    {
      ...usageError(
        'no-such-pod',
        owners.some((one) => withoutNamespace(one) === owner)
          ? `several workloads are called ${owner}, in different namespaces: name one with -n`
          : `no pods of ${owner}`,
        "'podpose ps --all -o wide' lists the pods of all projects with their workloads.",
      ),
      ...defined({ suggestion: suggest(owner, new Set(owners)) }),
    },
  ];
}

/** A CronJob that an operand names. */
export interface NamedCronJob {
  readonly operand: string;
  readonly project: string;
  /** `cronjob/staging_report` */
  readonly owner: string;
}

/**
 * The CronJobs that an operand names: that of the default namespace, else that of the only other one.
 * @param scope where to look for it
 */
export function cronJobsNamed(
  operand: string,
  known: KnownPods,
  { project, namespace }: { readonly project: string | undefined; readonly namespace: string | undefined },
): readonly NamedCronJob[] {
  const named = workloadNamed(operand, known);
  if (named?.startsWith('cronjob/') !== true) return [];
  const found = projectsWithJobs(known.containers)
    .filter((one) => project === undefined || one === project)
    .flatMap((one) =>
      jobRecords(one, known.containers)
        .filter(isCronJob)
        .filter((record) => namespace === undefined || recordNamespace(record) === namespace)
        .map((record) => ({ operand, project: one, owner: recordOwner(record) })),
    )
    .filter(({ owner }) => owner === named || withoutNamespace(owner) === named);
  const exact = found.filter(({ owner }) => owner === named);
  return exact.length > 0 || found.length > 1 ? exact : found;
}

/** The workload that an operand names. A pod of this name comes first: `rs/app` is the container `app` of a pod `rs`. */
function workloadNamed(operand: string, known: KnownPods): string | undefined {
  const [word = ''] = operand.split('/', 1);
  return known.pods.some(({ name }) => name === word) ? undefined : ownerNamed(operand);
}

/** The pods of the workload of the default namespace; without one, of the only workload of this name in another namespace. */
function podsOfWorkload(owner: string, { pods, containers }: KnownPods): readonly string[] {
  if (owner.startsWith('cronjob/')) {
    const jobs = jobsOfCronJob(owner, containers);
    return pods
      .filter(({ labels }) => jobs.has(decodeOwner(labels) ?? ''))
      .map(({ name }) => name)
      .sort(compareTexts);
  }
  const owners = new Set(pods.flatMap(({ labels }) => decodeOwner(labels) ?? []));
  const [other, another] = [...owners].filter((one) => withoutNamespace(one) === owner);
  const meant = owners.has(owner) ? owner : another === undefined ? other : undefined;
  return pods
    .filter(({ labels }) => meant !== undefined && decodeOwner(labels) === meant)
    .map(({ name }) => name)
    .sort(compareTexts);
}

/** `deploy/web` for `deploy/staging_web`. */
function withoutNamespace(owner: string): string {
  const at = owner.indexOf('/') + 1;
  return owner.slice(0, at) + objectName(owner.slice(at)).name;
}

/** The owners of the pods of a CronJob: its Jobs. */
function jobsOfCronJob(owner: string, containers: KnownPods['containers']): ReadonlySet<string> {
  const jobs = projectsWithJobs(containers)
    .flatMap((project) => jobRecords(project, containers))
    .filter(isJob)
    .filter(
      ({ job: { cronJob } }) => cronJob !== undefined && withoutNamespace(`cronjob/${cronJob}`) === owner,
    );
  return new Set(jobs.map(recordOwner));
}
